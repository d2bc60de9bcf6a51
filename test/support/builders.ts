import type { AppointedRole, AssessedCut, Claim, Finding } from '../../domain/claim/claim.ts';
import type { Command } from '../../domain/claim/commands.ts';
import type { PolicyFacts } from '../../domain/money/policy.ts';
import type { KeptWords } from '../../domain/claim/fields.ts';
import type { HumanAct } from '../../domain/claim/acts.ts';
import { decide, openClaim, type Decision } from '../../domain/claim/decide.ts';
import type { CallOutcome, Correction, FullOpening, Message, Opening } from '../../domain/claim/journal.ts';
import type { RejectionReason } from '../../domain/documents/requirements.ts';
import type { LedgerOutcome } from '../../domain/messages/notifications.ts';
import { payableHash } from '../../domain/money/payable.ts';
import type { Party, Person } from '../../domain/people/people.ts';
import type { JoinFinding } from '../../domain/money/related.ts';
import { present } from '../../domain/present.ts';
import type { ItemStep } from '../../domain/road/steps.ts';
import type { Rules } from '../../domain/rules/pack.ts';
import { calendarFor } from '../../config/calendars.ts';
import { houseRules } from '../../config/rules/load.ts';

export const noticedAt = '2026-11-23T02:00:00.000Z';
export const lossAt = '2026-11-22T10:00:00.000Z';

export const pack = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'ordinary' });
export const rules: Rules = { pack, calendar: calendarFor(pack, lossAt, noticedAt) };

export const yuan = (amount: number): number => Math.round(amount * 100);

export const anInsuredVehicle = ({
  id = 'item-1',
  party = 'party-1',
  claimed = 4800,
} = {}): Opening['items'][number] => ({ id, object: 'insured-vehicle', party, claimedMinor: yuan(claimed) });
export const aThirdPartyVehicle = ({
  id = 'item-2',
  party = 'party-2',
  claimed = 3500,
} = {}): Opening['items'][number] => ({
  id,
  object: 'third-party-vehicle',
  party,
  claimedMinor: yuan(claimed),
});

export const aPolicyholder = (change: Partial<Party> = {}): Party => ({
  id: 'party-1',
  role: 'policyholder',
  reach: { sms: true, email: true },
  account: 'account-1',
  marks: [],
  ...change,
});
export const aThirdParty = (change: Partial<Party> = {}): Party => ({
  id: 'party-2',
  role: 'third-party',
  reach: { sms: true, email: true },
  account: 'account-2',
  marks: [],
  ...change,
});

export const aPolicy = (change: Partial<PolicyFacts> = {}): PolicyFacts => ({
  number: 'P-1',
  version: 1,
  line: 'motor',
  jurisdiction: 'CN',
  currency: 'CNY',
  from: '2026-01-01T00:00:00.000Z',
  to: '2027-01-01T00:00:00.000Z',
  objects: {
    'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: 0 },
    'third-party-vehicle': { sumInsuredMinor: yuan(1_000_000), excessMinor: 0 },
  },
  people: [],
  special: [],
  ...change,
});

export const anOpening = (change: Partial<Opening> = {}): FullOpening => ({
  source: 'hotline',
  reference: 'r-1',
  number: 'L0000-00000',
  line: 'motor',
  jurisdiction: 'CN',
  branch: 'longkou',
  currency: 'CNY',
  rules: pack.versions,
  policy: 'P-1',
  lossAt,
  noticedAt,
  handler: 'C-301',
  surveyor: 'S-201',
  parties: [aPolicyholder(), aThirdParty()],
  items: [anInsuredVehicle()],
  ...change,
});

export const aPerson = (code: string, change: Partial<Person> = {}): Person => ({
  code,
  roles: [],
  branch: 'longkou',
  conflicts: [],
  ...change,
});
export const surveyor = aPerson('S-201', { roles: ['surveyor'] });
export const handler = aPerson('C-301', { roles: ['handler'] });
export const verifier = aPerson('V-401', { roles: ['verifier'] });
export const juniorReviewer = aPerson('R-501', { roles: ['reviewer'], limitMinor: yuan(50_000) });
export const seniorReviewer = aPerson('R-502', { roles: ['reviewer'], limitMinor: yuan(500_000) });
export const manager = aPerson('M-601', { roles: ['manager'], limitMinor: yuan(1_000_000) });
export const supervisor = aPerson('U-901', { roles: ['supervisor'] });
export const finance = aPerson('F-801', { roles: ['finance'] });
export const operator = aPerson('O-951', { roles: ['operations'] });

/** What a message says of the words that the records keep. */
export const aNote = (note = 'note-1'): KeptWords => ({ note, sha256: 'c'.repeat(64) });

type OnRecord = Pick<Person, 'branch' | 'roles' | 'conflicts'>;

/** Somebody who takes a claim over, as the API signs what the records say of them. */
const onRecord = (as: Partial<OnRecord>): OnRecord => ({
  branch: 'longkou',
  roles: [],
  conflicts: [],
  ...as,
});

/** Acts as people bring them; a test says only what it is about. */
export const act = {
  adds: (document: string, item?: string, attachment = `sha-${document}`): HumanAct => ({
    kind: 'add-document',
    document,
    attachment,
    ...present({ item }),
  }),
  accepts: (document: string, item?: string): HumanAct => ({
    kind: 'accept-document',
    document,
    ...present({ item }),
  }),
  rejects: (document: string, item?: string, reason: RejectionReason = 'unreadable'): HumanAct => ({
    kind: 'reject-document',
    document,
    reason,
    ...present({ item }),
  }),
  waives: (document: string, item?: string, reason = 'established-otherwise'): HumanAct => ({
    kind: 'waive-document',
    document,
    reason,
    ...present({ item }),
  }),
  surveys: (onScene = true): HumanAct => ({ kind: 'report-survey', onScene, findings: aNote('findings') }),
  assesses: (amountMinor: number, item = 'item-1', cuts: AssessedCut[] = []): HumanAct => ({
    kind: 'assess',
    item,
    amountMinor,
    cuts,
  }),
  verifies: (version = 1, item = 'item-1'): HumanAct => ({ kind: 'verify', item, version }),
  approves: (of: string, item = 'item-1'): HumanAct => ({ kind: 'approve', item, of }),
  returns: (to: ItemStep, reason: string, documents?: string[], item = 'item-1'): HumanAct => ({
    kind: 'return-for-rework',
    item,
    to,
    reason,
    ...present({ documents }),
  }),
  refuses: (
    clause = 'excluded-cause',
    item = 'item-1',
    reasons = [clause === 'fraud' ? 'loss-staged' : 'racing'],
  ): HumanAct => ({
    kind: 'refuse',
    item,
    clause,
    reasons,
  }),
  setsPayee: (account: string, party = 'party-1', item = 'item-1'): HumanAct => ({
    kind: 'set-payee',
    item,
    party,
    account,
  }),
  clears: (finding: Finding, item = 'item-1'): HumanAct => ({ kind: 'clear-payment', item, finding }),
  joins: (other: string, finding: JoinFinding): HumanAct => ({ kind: 'join-claims', other, finding }),
  asksBank: (payment?: string): HumanAct => ({ kind: 'ask-bank', ...present({ payment }) }),
  calls: (outcome: CallOutcome, promised?: string, documents?: string[], party = 'party-1'): HumanAct => ({
    kind: 'record-call',
    party,
    outcome,
    ...present({ promised, documents }),
  }),
  handsOver: (
    to: string,
    role: 'handler' | 'surveyor' = 'handler',
    as: Partial<OnRecord> = {},
  ): HumanAct => ({ kind: 'hand-over', to, role, as: onRecord({ roles: [role], ...as }) }),
  appoints: (to: string, role: AppointedRole = 'reviewer', as: Partial<OnRecord> = {}): HumanAct => ({
    kind: 'appoint',
    to,
    role,
    reason: 'absence',
    as: onRecord({ branch: 'penglai', roles: [role], ...as }),
  }),
  withdraws: (item?: string): HumanAct => ({ kind: 'withdraw', ...present({ item }) }),
  reopens: (reason = 'withdrawn-by-mistake', ...items: string[]): HumanAct => ({
    kind: 'reopen',
    reason,
    ...present({ items: items.length > 0 ? items : undefined }),
  }),
  appeals: (item = 'item-1', note = 'appeal-1'): HumanAct => ({
    kind: 'record-appeal',
    item,
    note: aNote(note),
  }),
  keepsOpen: (): HumanAct => ({ kind: 'cancel-withdrawal' }),
  corrects: (correction: Correction): HumanAct => ({ kind: 'correct-claim', ...correction }),
  correctsContact: (reach: Party['reach'], party = 'party-1', prefers?: 'sms' | 'email'): HumanAct => ({
    kind: 'correct-contact',
    party,
    revision: 2,
    reach,
    marks: [],
    ...present({ prefers }),
  }),
  notes: (id?: string): HumanAct => ({ kind: 'add-note', note: aNote(id) }),
  posts: (notification: string): HumanAct => ({ kind: 'post-letter', notification }),
  sendsAgain: (notification: string, party = 'party-1'): HumanAct => ({
    kind: 'resend-notification',
    notification,
    party,
  }),
  retries: (problem?: string): HumanAct => ({ kind: 'retry', ...present({ problem }) }),
};

/** A message as the claim takes it, without a proof. */
export const aMessage = (id: string, from = 'system', content = 'content'): Message => ({
  id,
  from,
  content,
});

/** Every paper of the smallest claim; a larger one needs the invoice besides. */
export const papers = ['driving-licence', 'police-determination'];
export const allPapers = [...papers, 'repair-invoice'];

/** This many days after an instant, the first notice of loss where none is named. */
export const daysAfter = (days: number, from = noticedAt): string =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString();

/** The value that a test relies on. */
export function sure<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The test expects this to be there');
  return value;
}

/** A claim for tests: commands go through the real `decide`, time stops until it is moved. */
export class ClaimUnderTest {
  claim: Claim;
  now: string;
  #rules: Rules;
  #messages = 0;

  constructor(opening: Parameters<typeof openClaim>[0] = anOpening(), now = noticedAt, under = rules) {
    this.now = now;
    this.#rules = under;
    this.claim = openClaim(opening, { now, rules: under }).claim;
  }

  /** Acknowledged and covered: where most stories begin. */
  static covered(
    change: Partial<Opening> = {},
    policy: PolicyFacts | undefined = aPolicy(),
    under = rules,
  ): ClaimUnderTest {
    const subject = new ClaimUnderTest(anOpening(change), noticedAt, under);
    subject.take({ kind: 'acknowledge' });
    subject.take({ kind: 'check-cover', policy });
    return subject;
  }

  take(command: Command): Decision {
    const decision = decide(this.claim, command, { now: this.now, rules: this.#rules });
    if (decision.kind === 'decided') this.claim = decision.claim;
    return decision;
  }

  /** A person's act; throws where the test expects it to be taken and it is not. */
  does(person: Person, done: HumanAct): this {
    const answer = this.asks(person, done);
    if (answer.kind === 'denied') throw new Error(answer.sentence);
    return this;
  }

  asks(person: Person, done: HumanAct): Decision {
    this.#messages += 1;
    return this.take({
      ...done,
      person,
      issuedAt: this.now,
      message: aMessage(`m-${this.#messages}`, `staff ${person.code}`),
    });
  }

  /** The survey is reported, and every document of the item comes and is accepted. */
  prepared(item = 'item-1', documents = ['driving-licence', 'police-determination']): this {
    if (!this.claim.survey && !this.claim.surveyWaived) this.does(surveyor, act.surveys());
    for (const document of documents) {
      const known = this.claim.documents[document] ?? this.item(item).documents[document];
      if (known?.state === 'accepted') continue;
      this.does(handler, { kind: 'add-document', item, document, attachment: `sha-${document}` });
      this.does(handler, { kind: 'accept-document', item, document });
    }
    this.take({ kind: 'issue-receipt', item });
    return this;
  }

  /** Assessed, with one reason for all that is below the claimed amount. */
  assessed(amountMinor: number, item = 'item-1', assessor: Person = handler): this {
    const minor = this.item(item).claimedMinor - amountMinor;
    const cuts = minor > 0 ? [{ reason: 'depreciation', minor }] : [];
    return this.does(assessor, { kind: 'assess', item, amountMinor, cuts });
  }

  /** Assessed and verified, payee known and scored: it stands at review. */
  reviewable(amountMinor: number, item = 'item-1', assessor: Person = handler): this {
    this.assessed(amountMinor, item, assessor).take({ kind: 'verify-by-rules', item });
    if (this.item(item).signedOff.verify?.version !== this.item(item).assessments)
      this.does(verifier, { kind: 'verify', item, version: this.item(item).assessments });
    this.take({ kind: 'take-payee', item });
    this.take({ kind: 'score', item });
    return this;
  }

  /** Approved by enough people, so that the bank is next. */
  approved(amountMinor = yuan(4800), item = 'item-1', reviewers = [seniorReviewer, manager]): this {
    this.reviewable(amountMinor, item);
    for (const person of reviewers) this.asks(person, act.approves(this.hash(item), item));
    return this;
  }

  /** With the bank. */
  instructed(amountMinor = yuan(4800), item = 'item-1'): this {
    this.approved(amountMinor, item);
    this.take({ kind: 'payment-instructed', item, payment: this.payment(item) });
    return this;
  }

  paid(amountMinor = yuan(4800), item = 'item-1'): this {
    this.instructed(amountMinor, item);
    this.take({ kind: 'bank-confirmed', payment: this.payment(item), reference: 'B-1' });
    return this;
  }

  /** Every item that is done has ended, and the claim is closed once all have and every message is out. */
  closed(): this {
    for (const { id } of this.claim.items) this.take({ kind: 'conclude', item: id });
    this.messages();
    if (this.claim.items.every(({ outcome }) => outcome)) this.take({ kind: 'close' });
    return this.messages();
  }

  /** Two people refuse it. */
  refused(item = 'item-1', reviewers = [seniorReviewer, manager]): this {
    for (const person of reviewers) this.does(person, act.refuses('excluded-cause', item));
    return this;
  }

  /** The latest payment of an item. */
  payment(item = 'item-1'): string {
    return this.item(item).payments.at(-1)?.id ?? 'none';
  }

  hash(item = 'item-1'): string {
    return payableHash(this.claim, this.item(item)) ?? 'none';
  }

  /** So many days after the notice of loss. */
  on(days: number): this {
    this.now = daysAfter(days);
    return this;
  }

  /** Every planned message ends so. */
  messages(outcome: LedgerOutcome = { kind: 'accepted' }): this {
    for (let [next] = this.claim.outbox; next; [next] = this.claim.outbox)
      this.take({ kind: 'notification-ended', notification: next.id, outcome });
    return this;
  }

  waitsFor(): string[] {
    return this.claim.expectations.map(({ id }) => id).toSorted();
  }

  item(id = 'item-1'): Claim['items'][number] {
    const item = this.claim.items.find((each) => each.id === id);
    if (!item) throw new Error(`No ${id}`);
    return item;
  }

  expecting(id: string): Claim['expectations'][number] | undefined {
    return this.claim.expectations.find((open) => open.id === id);
  }

  /** Moves to the earliest next action, takes its rungs, and gives the notifications. */
  chase(): { at: string; notified: string[] } {
    const before = this.claim.outbox.length;
    this.now = this.claim.expectations.map(({ next }) => next.at).toSorted()[0] ?? this.now;
    this.take({ kind: 'take-rungs' });
    return {
      at: this.now,
      notified: this.claim.outbox.slice(before).map(({ kind, channel }) => `${kind}/${channel}`),
    };
  }
}
