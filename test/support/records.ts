import { houseRules } from '../../config/rules/load.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import type { Elsewhere } from '../../domain/money/related.ts';
import { elsewhereIn } from '../../records/money/related.ts';
import { toStore } from '../../records/claims/projection.ts';
import type { Database } from '../../records/database.ts';
import { yuan } from './builders.ts';

const people = [
  ['H-101', ['hotline']],
  ['S-201', ['surveyor']],
  ['C-301', ['handler']],
  ['C-302', ['handler', 'reviewer'], 900_000],
  ['V-401', ['verifier']],
  ['R-501', ['reviewer'], 50_000],
  ['R-502', ['reviewer'], 500_000],
  ['M-601', ['manager'], 1_000_000],
  ['E-701', ['executive'], 10_000_000],
  ['F-801', ['finance']],
  ['U-901', ['supervisor']],
  ['O-951', ['operations']],
  ['A-991', ['auditor']],
] as const;

/** Two branches under a head office. */
const units = [
  { code: 'head', name: 'Head office', kind: 'head-office' },
  { code: 'longkou', name: 'Longkou', kind: 'branch', above: 'head' },
  { code: 'elsewhere', name: 'Elsewhere', kind: 'branch', above: 'head' },
];

/** The staff and policies that flow tests act with; C-301 has the fewest claims, so new ones go to C-301. */
export async function keepRecords(database: Database): Promise<void> {
  await database.unit.createMany({ data: units });
  await database.person.createMany({
    data: people.map(([code, roles, limit]) => ({
      code,
      name: `Staff ${code}`,
      email: `${code.toLowerCase()}@staff.example`,
      roles: [...roles],
      branch: code === 'C-302' ? 'elsewhere' : 'longkou',
      limits: limit ? { motor: { CNY: yuan(limit) } } : {},
      conflicts: [],
    })),
  });
  const [validFrom, validTo] = [new Date('2020-01-01T00:00:00Z'), new Date('2090-01-01T00:00:00Z')];
  const objects = {
    'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: 0 },
    'third-party-vehicle': { sumInsuredMinor: yuan(1_000_000), excessMinor: 0 },
  };
  await database.policy.create({
    data: {
      number: 'P-1',
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'longkou',
      currency: 'CNY',
      validFrom,
      validTo,
      objects,
    },
  });
  await database.policy.create({
    data: {
      number: 'P-HOME',
      line: 'home',
      jurisdiction: 'CN',
      branch: 'longkou',
      currency: 'CNY',
      validFrom,
      validTo,
      objects,
    },
  });
  await database.policy.create({
    data: {
      number: 'P-EXPIRED',
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'longkou',
      currency: 'CNY',
      validFrom,
      validTo: new Date('2021-01-01T00:00:00Z'),
      objects,
    },
  });
}

/** A claim in the records as its writer stores it, without its journal; what is tied to it. */
export async function storeState(database: Database, claim: Claim, book = houseRules): Promise<Elsewhere> {
  const [row] = await database.prepared<{ elsewhere: unknown }>(
    'store-state',
    "SELECT store_claim($1, NULL, $2::jsonb, $3::jsonb, $4::jsonb, $5::jsonb)->'elsewhere' AS elsewhere",
    toStore({ claim: claim.number, rules: claim.rules }, [], claim, book),
  );
  return elsewhereIn(row?.elsewhere);
}
