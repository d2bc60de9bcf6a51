import { opensOf } from '../../domain/claim/filing.ts';
import { generateKeyPairSync } from 'node:crypto';
import type { HumanAct } from '../../domain/claim/acts.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import type { Command } from '../../domain/claim/commands.ts';
import type { PolicyFacts } from '../../domain/money/policy.ts';
import { decide, openClaim } from '../../domain/claim/decide.ts';
import { evolve } from '../../domain/claim/evolve/evolve.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { arrivedAt } from '../../domain/claim/message.ts';
import { commandOf } from '../../domain/claim/read-command.ts';
import type { ReportName } from '../../domain/claim/reports.ts';
import { hashOf } from '../../domain/hash.ts';
import { payableHash } from '../../domain/money/payable.ts';
import type { Person } from '../../domain/people/people.ts';
import type { Signer, Statement } from '../../domain/signed-payload.ts';
import { certify, checkProof, signStatement, type SigningKey } from '../../security/signing.ts';
import {
  act,
  anOpening,
  aPolicy,
  aPerson,
  handler,
  noticedAt,
  rules,
  surveyor,
  sure,
  verifier,
} from './builders.ts';

export const rootKey = generateKeyPairSync('ed25519');

/** A signing key that a root key has certified for the year of the tests. */
export function aSigningKey(root = rootKey): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const of = { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2028-01-01T00:00:00Z') };
  return { privateKey, certificate: certify(root.privateKey, publicKey, of) };
}

const hotline = aPerson('H-101', { roles: ['hotline'] });

/** A claim whose journal is as a run stores it: each message of people and providers is really signed. */
export class SignedClaim {
  claim: Claim;
  now: string;
  entries: JournalEntry[] = [];
  readonly key: SigningKey;
  #messages = 0;

  constructor(
    opening: Parameters<typeof openClaim>[0] = anOpening(),
    {
      key = aSigningKey(),
      isSigned = true,
      now = noticedAt,
      filer = hotline,
      objects = aPolicy().objects,
      period = {},
    }: {
      key?: SigningKey;
      isSigned?: boolean;
      now?: string;
      filer?: Person;
      objects?: PolicyFacts['objects'];
      /** Of the policy. */
      period?: Partial<Pick<PolicyFacts, 'from' | 'to'>>;
    } = {},
  ) {
    this.key = key;
    this.now = now;
    const first = sure(openClaim(opening, { now: this.now, rules }).entries[0]);
    this.claim = evolve(undefined, first, rules.pack);
    const fields = { notice: hashOf(opening), opens: opensOf(opening) };
    const { message, proof } = this.#signed('file', { kind: 'staff', ...filer }, fields);
    const received = { from: `staff ${filer.code}`, content: hashOf(fields), proof };
    const filed: JournalEntry = isSigned ? { ...first, by: filer.code, message, received } : first;
    this.entries.push(filed);
    this.claim = evolve(undefined, filed, rules.pack);
    this.take({ kind: 'acknowledge' });
    this.take({ kind: 'check-cover', policy: aPolicy({ number: opening.policy, objects, ...period }) });
  }

  take(command: Command): this {
    const decision = decide(this.claim, command, { now: this.now, rules });
    if (decision.kind === 'denied') throw new Error(decision.sentence);
    this.entries.push(...decision.entries);
    this.claim = decision.claim;
    return this;
  }

  does(person: Person, { kind, ...fields }: HumanAct): this {
    return this.#sends(kind, { kind: 'staff', ...person }, fields);
  }

  reports(name: ReportName, by: Signer, fields: object): this {
    return this.#sends(name, by, fields);
  }

  #sends(name: Parameters<typeof commandOf>[0], by: Signer, fields: object): this {
    const { proof } = this.#signed(name, by, fields);
    const checked = checkProof([rootKey.publicKey], proof);
    if (checked.kind === 'unproven') throw new Error(checked.why);
    const { statement } = checked;
    const arrived = arrivedAt(this.claim.number, name, { $lipei: 'signed', statement, proof });
    if (arrived.kind === 'denied') throw new Error(arrived.sentence);
    const command = commandOf(name, arrived);
    if (command.kind === 'denied') throw new Error(command.sentence);
    return this.take(command);
  }

  #signed(name: string, by: Signer, fields: object) {
    this.#messages += 1;
    const message = `m-${this.#messages}`;
    const statement: Statement = {
      claim: this.claim.number,
      act: name,
      id: message,
      at: this.now,
      by,
      fields,
    };
    return { message, proof: signStatement(this.key, statement) };
  }

  /** Papers, survey, assessment, verification, payee and score: it stands at review. */
  reviewable(amountMinor: number, by: Person = surveyor): this {
    this.does(by, act.surveys());
    for (const document of ['driving-licence', 'police-determination', 'repair-invoice'])
      this.does(handler, act.adds(document, 'item-1', 'a'.repeat(64))).does(
        handler,
        act.accepts(document, 'item-1'),
      );
    this.take({ kind: 'issue-receipt', item: 'item-1' });
    const minor = this.item.claimedMinor - amountMinor;
    this.does(
      handler,
      act.assesses(amountMinor, 'item-1', minor > 0 ? [{ reason: 'depreciation', minor }] : []),
    );
    this.take({ kind: 'verify-by-rules', item: 'item-1' });
    if (!this.item.signedOff.verify) this.does(verifier, act.verifies());
    return this.take({ kind: 'take-payee', item: 'item-1' }).take({ kind: 'score', item: 'item-1' });
  }

  /** Approved by these people, or else released by the rules, and recorded as instructed. */
  instructed(amountMinor: number, approvers: Person[] = [], surveys: Person = surveyor): this {
    this.reviewable(amountMinor, surveys);
    if (approvers.length === 0) this.take({ kind: 'review-by-rules', item: 'item-1' });
    for (const person of approvers) this.does(person, act.approves(this.hash));
    return this.take({ kind: 'payment-instructed', item: 'item-1', payment: this.payment });
  }

  get item(): Claim['items'][number] {
    return sure(this.claim.items[0]);
  }

  get hash(): string {
    return payableHash(this.claim, this.item) ?? 'none';
  }

  get payment(): string {
    return this.item.payments.at(-1)?.id ?? 'none';
  }
}
