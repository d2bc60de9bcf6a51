import { rowsOf, type ClaimRows } from '../../records/claims/projection.ts';
import { calendarFor } from '../../config/calendars.ts';
import { houseRules } from '../../config/rules/load.ts';
import type { Command } from '../../domain/claim/commands.ts';
import type { PolicyFacts } from '../../domain/money/policy.ts';
import type { HumanAct } from '../../domain/claim/acts.ts';
import { decide, openClaim } from '../../domain/claim/decide.ts';
import { paymentId } from '../../domain/ids.ts';
import { payableHash } from '../../domain/money/payable.ts';
import type { Person, StaffRole } from '../../domain/people/people.ts';
import type { Instant } from '../../domain/time/time.ts';

/** The rows of a claim of every stage, as the rules make it: with all values that a real one would have. */
export function templateRows(now: Instant): ClaimRows[] {
  return Array.from({ length: steps.length + 1 }, (_, count) => rowsOf(claimAfter(count, now)));
}

const [number, item, amountMinor] = ['L0000-00000', 'item-1', 38_000_000];
const papers = ['driving-licence', 'accident-certificate', 'repair-invoice'];
const policy: PolicyFacts = {
  number: 'P-1',
  line: 'motor',
  jurisdiction: 'CN',
  currency: 'CNY',
  from: '2020-01-01T00:00:00.000Z',
  to: '2100-01-01T00:00:00.000Z',
  objects: { 'insured-vehicle': { sumInsuredMinor: 50_000_000, excessMinor: 0 } },
  version: 1,
  people: [],
  special: [],
};

type Step = (claim: ReturnType<typeof openClaim>['claim']) => Command[];

const by =
  (role: StaffRole, code: string, act: HumanAct): Step =>
  () => [
    {
      ...act,
      person: personOf(role, code),
      issuedAt: '2026-01-01T00:00:00.000Z',
      message: {
        id: `${act.kind}-${code}-${'document' in act ? act.document : ''}`,
        from: `staff ${code}`,
        content: act.kind,
      },
    },
  ];
const personOf = (role: StaffRole, code: string): Person => ({
  code,
  roles: [role],
  branch: 'branch-0',
  conflicts: [],
  limitMinor: 100_000_000,
});
const approvedBy =
  (code: string): Step =>
  (claim) => {
    const of = claim.items[0] && payableHash(claim, claim.items[0]);
    return by('reviewer', code, { kind: 'approve', item, of: of ?? '' })(claim);
  };

/** From the notice to the payment. After each step the claim waits for another person, or has ended. */
const steps: Step[][] = [
  [() => [{ kind: 'acknowledge' }, { kind: 'check-cover', policy }]],
  [
    by('surveyor', 'S', {
      kind: 'report-survey',
      onScene: true,
      findings: { note: 'findings', sha256: 'c'.repeat(64) },
    }),
  ],
  [by('handler', 'C', { kind: 'add-document', item, document: papers[0] ?? '', attachment: 'a'.repeat(64) })],
  papers.flatMap((document) => [
    by('handler', 'C', { kind: 'add-document', item, document, attachment: 'a'.repeat(64) }),
    by('handler', 'C', { kind: 'accept-document', item, document }),
  ]),
  [() => [{ kind: 'issue-receipt', item }], by('handler', 'C', { kind: 'assess', item, amountMinor })],
  [
    by('verifier', 'V', { kind: 'verify', item, version: 1 }),
    () => [
      { kind: 'take-payee', item },
      { kind: 'score', item },
    ],
  ],
  [approvedBy('R')],
  [approvedBy('R2'), () => [{ kind: 'payment-instructed', item, payment: paymentId(number, item, 1) }]],
  [
    () => [{ kind: 'bank-confirmed', payment: paymentId(number, item, 1), reference: 'BANK-1' }],
    () => [{ kind: 'conclude', item }, { kind: 'close' }],
  ],
];

function claimAfter(count: number, now: Instant) {
  const pack = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'ordinary' });
  const world = { now, rules: { pack, calendar: calendarFor(pack, now, now) } };
  const parties = [
    {
      id: 'party-1',
      role: 'policyholder' as const,
      reach: { sms: true, email: true },
      account: 'account',
      marks: [],
    },
  ];
  let { claim } = openClaim(
    {
      source: 'bench',
      reference: 'bench',
      number,
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'branch-0',
      currency: 'CNY',
      rules: pack.versions,
      policy: policy.number,
      lossAt: now,
      noticedAt: now,
      handler: 'C',
      surveyor: 'S',
      parties,
      items: [{ id: item, object: 'insured-vehicle', party: 'party-1', claimedMinor: amountMinor }],
    },
    world,
  );
  for (const step of steps.slice(0, count).flat()) {
    for (const command of step(claim)) {
      const decision = decide(claim, 'issuedAt' in command ? { ...command, issuedAt: now } : command, world);
      if (decision.kind === 'denied')
        throw new Error(`The template's ${command.kind} is denied: ${decision.sentence}`);
      claim = decision.claim;
    }
  }
  return { ...claim, outbox: [] };
}
