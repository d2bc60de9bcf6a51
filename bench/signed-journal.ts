import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calendarFor } from '../config/calendars.ts';
import { houseRules } from '../config/rules/load.ts';
import type { ActName } from '../domain/claim/acts.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { Command } from '../domain/claim/commands.ts';
import { decide, openWhole } from '../domain/claim/decide.ts';
import { opensOf } from '../domain/claim/filing.ts';
import type { FullOpening, JournalEntry } from '../domain/claim/journal.ts';
import { arrivedAt, contentOf } from '../domain/claim/message.ts';
import { commandOf } from '../domain/claim/read-command.ts';
import type { ReportName } from '../domain/claim/reports.ts';
import { senderOf } from '../domain/claim/sender.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import type { StaffRole } from '../domain/people/people.ts';
import type { Signer } from '../domain/signed-payload.ts';
import { certify, checkProof, signStatement, type SigningKey } from '../security/signing.ts';

const pack = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'ordinary' });
const [lossAt, now] = ['2026-11-22T10:00:00.000Z', '2026-11-23T02:00:00.000Z'];
const world = { now, rules: { pack, calendar: calendarFor(pack, lossAt, now) } };
const minor = 480_000;

/** A root key and a signing key that it has certified, for a measurement. */
export function keysForSigning(): { root: KeyObject; signing: SigningKey } {
  const [root, own] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const of = { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2028-01-01T00:00:00Z') };
  const certificate = certify(root.privateKey, own.publicKey, of);
  return { root: root.publicKey, signing: { privateKey: own.privateKey, certificate } };
}

const staff = (code: string, role: StaffRole): Signer => ({
  kind: 'staff',
  code,
  roles: [role],
  branch: 'longkou',
  conflicts: [],
});
const [hotline, surveyor, handler] = [
  staff('H-101', 'hotline'),
  staff('S-201', 'surveyor'),
  staff('C-301', 'handler'),
];

/** A paid claim from notice to closure, each message signed, and one more note behind it. */
export interface SignedJournal {
  paid: JournalEntry[];
  later: JournalEntry[];
  rules: typeof pack.versions;
}

export function signedJournal(
  number: ClaimNumber,
  { root, signing }: ReturnType<typeof keysForSigning>,
): SignedJournal {
  const entries: JournalEntry[] = [];
  const opening = openingOf(number);
  let messages = 0;
  const signed = (act: string, by: Signer, fields: object) => {
    messages += 1;
    return signStatement(signing, { claim: number, act, id: `m-${messages}`, at: now, by, fields });
  };
  const filing = { notice: 'n', opens: opensOf(opening) };
  const opened = openWhole(
    opening,
    {
      kind: 'found',
      policy: {
        number: 'P-1',
        line: pack.line,
        jurisdiction: pack.jurisdiction,
        currency: pack.currency,
        from: '2026-01-01T00:00:00.000Z',
        to: '2027-01-01T00:00:00.000Z',
        objects: { 'insured-vehicle': { sumInsuredMinor: 50_000_000, excessMinor: 0 } },
        version: 1,
        people: [],
        special: [],
      },
    },
    world,
    {
      by: 'H-101',
      message: {
        id: 'm-1',
        from: senderOf(hotline),
        content: contentOf('file', filing),
        proof: signed('file', hotline, filing),
      },
    },
  );
  entries.push(...opened.entries);
  let claim: Claim = opened.claim;
  const take = (command: Command): void => {
    const decision = decide(claim, command, world);
    if (decision.kind === 'denied') throw new Error(`${command.kind}: ${decision.sentence}`);
    entries.push(...decision.entries);
    claim = decision.claim;
  };
  const sends = (name: ActName | ReportName, by: Signer, fields: object): void => {
    const checked = checkProof([root], signed(name, by, fields));
    if (checked.kind === 'unproven') throw new Error(checked.why);
    const { statement, proof } = checked;
    const arrived = arrivedAt(number, name, { $lipei: 'signed', statement, proof });
    if (arrived.kind === 'denied') throw new Error(arrived.sentence);
    const command = commandOf(name, arrived);
    if (command.kind === 'denied') throw new Error(command.sentence);
    take(command);
  };
  const words = { note: 'note-1', sha256: 'a'.repeat(64) };
  sends('report-survey', surveyor, { onScene: true, findings: words });
  for (const document of ['driving-licence', 'police-determination', 'repair-invoice']) {
    sends('add-document', handler, { document, item: 'item-1', attachment: 'b'.repeat(64) });
    sends('accept-document', handler, { document, item: 'item-1' });
  }
  take({ kind: 'issue-receipt', item: 'item-1' });
  sends('assess', handler, { item: 'item-1', amountMinor: minor });
  take({ kind: 'verify-by-rules', item: 'item-1' });
  take({ kind: 'take-payee', item: 'item-1' });
  take({ kind: 'score', item: 'item-1' });
  take({ kind: 'review-by-rules', item: 'item-1' });
  const payment = claim.items[0]?.payments.at(-1)?.id ?? '';
  take({ kind: 'payment-instructed', item: 'item-1', payment });
  const before = entries.length;
  sends('add-note', handler, { note: words });
  return { paid: entries.slice(0, before), later: entries.slice(before), rules: pack.versions };
}

const openingOf = (number: ClaimNumber): FullOpening => ({
  source: 'hotline',
  reference: 'r-1',
  number,
  line: pack.line,
  jurisdiction: pack.jurisdiction,
  branch: 'longkou',
  currency: 'CNY',
  rules: pack.versions,
  policy: 'P-1',
  lossAt,
  noticedAt: now,
  handler: 'C-301',
  surveyor: 'S-201',
  parties: [
    { id: 'party-1', role: 'policyholder', reach: { sms: true, email: true }, account: 'a-1', marks: [] },
  ],
  items: [{ id: 'item-1', object: 'insured-vehicle', party: 'party-1', claimedMinor: minor }],
});
