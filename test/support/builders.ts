import type { Claim } from '../../domain/claim/claim.ts';
import type { Command, HumanAct, PolicyFacts } from '../../domain/claim/commands.ts';
import { decide, openClaim, type Decision } from '../../domain/claim/decide.ts';
import type { Opening } from '../../domain/claim/journal.ts';
import type { Party, Person } from '../../domain/people/people.ts';
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
  ...change,
});
export const aThirdParty = (change: Partial<Party> = {}): Party => ({
  id: 'party-2',
  role: 'third-party',
  reach: { sms: true, email: true },
  account: 'account-2',
  ...change,
});

export const aPolicy = (change: Partial<PolicyFacts> = {}): PolicyFacts => ({
  number: 'P-1',
  line: 'motor',
  from: '2026-01-01T00:00:00.000Z',
  to: '2027-01-01T00:00:00.000Z',
  objects: {
    'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: 0 },
    'third-party-vehicle': { sumInsuredMinor: yuan(1_000_000), excessMinor: 0 },
  },
  ...change,
});

export const anOpening = (
  change: Partial<Opening> = {},
): Opening & { source: string; reference: string } => ({
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
  urgency: 'normal',
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
export const operator = aPerson('O-951', { roles: ['operations'] });

/**
 * A claim in the making for tests: commands go through the real `decide`, time stands still until it is
 * moved.
 */
export class Desk {
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
  ): Desk {
    const desk = new Desk(anOpening(change), noticedAt, under);
    desk.take({ kind: 'acknowledge' });
    desk.take({ kind: 'check-cover', policy });
    return desk;
  }

  take(command: Command): Decision {
    const decision = decide(this.claim, command, { now: this.now, rules: this.#rules });
    if (decision.kind === 'decided') this.claim = decision.claim;
    return decision;
  }

  /** A person's act; throws where the test expects it to be taken and it is not. */
  does(person: Person, act: HumanAct): this {
    const answer = this.asks(person, act);
    if (answer.kind === 'refused') throw new Error(answer.sentence);
    return this;
  }

  asks(person: Person, act: HumanAct): Decision {
    this.#messages += 1;
    return this.take({ ...act, person, issuedAt: this.now, message: `m-${this.#messages}` });
  }

  /** The survey is reported, and every document of the item comes and is accepted. */
  prepared(item = 'item-1', documents = ['driving-licence', 'police-determination']): this {
    if (!this.claim.survey) this.does(surveyor, { kind: 'report-survey', onScene: true });
    for (const document of documents) {
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

  item(id = 'item-1'): Claim['items'][number] {
    const item = this.claim.items.find((each) => each.id === id);
    if (!item) throw new Error(`No ${id}`);
    return item;
  }

  expecting(id: string): Claim['expectations'][number] | undefined {
    return this.claim.expectations.find((open) => open.id === id);
  }

  /** Moves to the earliest next action, takes its rungs, and gives what was told. */
  chase(): { at: string; told: string[] } {
    const before = this.claim.outbox.length;
    this.now = this.claim.expectations.map(({ next }) => next.at).toSorted()[0] ?? this.now;
    this.take({ kind: 'take-rungs' });
    return {
      at: this.now,
      told: this.claim.outbox.slice(before).map(({ kind, channel }) => `${kind}/${channel}`),
    };
  }
}
