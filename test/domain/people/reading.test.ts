import { readReadingRules } from '../../../config/reading.ts';
import { payeeOf } from '../../../domain/claim/claim.ts';
import { followUpTaskOf, followUpTasks } from '../../../domain/claim/follow-ups.ts';
import {
  followUpNeeds,
  isNeededFor,
  needs,
  personalData,
  taskKind,
  type PersonalDatum,
  type Wanted,
} from '../../../domain/people/needs.ts';
import type { Person } from '../../../domain/people/people.ts';
import { mayRead, purposesOf, type Reading } from '../../../domain/people/reading.ts';
import type { Unit } from '../../../domain/people/units.ts';
import type { Member } from '../../../domain/people/takers.ts';
import { staffSteps, takerOf } from '../../../domain/road/road.ts';
import {
  act,
  allPapers,
  aPerson,
  ClaimUnderTest,
  daysAfter,
  finance,
  handler,
  manager,
  operator,
  pack,
  seniorReviewer,
  supervisor,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';

const item = 'item-1';
const rules = readReadingRules();
const memberOf = ({ limitMinor, ...person }: Person): Member => ({
  ...person,
  limits: limitMinor === undefined ? {} : { motor: { CNY: limitMinor } },
  absences: [],
  deputies: [],
});
const auditor = aPerson('A-991', { roles: ['auditor'] });
const hotline = aPerson('H-101', { roles: ['hotline'] });
const colleague = aPerson('C-305', { roles: ['handler'] });
const stranger = aPerson('C-303', { roles: ['handler'], branch: 'penglai' });
const staff = [
  surveyor,
  handler,
  verifier,
  seniorReviewer,
  manager,
  supervisor,
  finance,
  operator,
  auditor,
  hotline,
  colleague,
  stranger,
].map(memberOf);

const opened = (): ClaimUnderTest => ClaimUnderTest.covered({});
const surveyed = (): ClaimUnderTest => opened().does(surveyor, act.surveys());

function reads(
  person: Person,
  wanted: Wanted | PersonalDatum,
  subject: ClaimUnderTest,
  given: Partial<Reading> = {},
): string {
  const answer = mayRead(
    memberOf(person),
    typeof wanted === 'string' ? { datum: wanted } : wanted,
    subject.claim,
    {
      staff,
      units: [],
      today: '2026-11-24',
      now: daysAfter(1),
      pack,
      rules,
      followUps: [],
      isGlassBroken: false,
      ...given,
    },
  );
  return answer.kind === 'allowed' ? `${answer.because}: ${answer.purpose}` : answer.why;
}

const contact = (of: string): Wanted => ({ datum: 'contact', of });
const paper = (of: string): Wanted => ({ datum: 'papers', of });

test('every step that a person takes has its row of what it needs', () => {
  const taken = staffSteps.filter((step) => {
    const taker = takerOf(step);
    return typeof taker === 'object' && taker.who !== 'owner' && taker.act !== undefined;
  });
  expect(taken.filter((step) => !(step in needs))).toEqual([]);
});

test('every follow-up has its row, and its words are found again', () => {
  expect(Object.keys(followUpNeeds)).toEqual(expect.arrayContaining([...followUpTasks]));
  for (const task of followUpTasks) expect(followUpTaskOf(task.replace('*', 'party-1'))).toBe(task);
  expect(followUpTaskOf('dance')).toBeUndefined();
});

/** An expectation of each kind, and what it must be about to be its own. */
const examples: Record<keyof typeof needs, { id: string; item?: string; own?: string }> = {
  survey: { id: 'survey' },
  assess: { id: 'assess:item-1', item },
  verify: { id: 'verify:item-1', item },
  review: { id: 'review:item-1', item },
  clear: { id: 'clear:item-1', item, own: 'party-1' },
  check: { id: 'check:item-1:repair-invoice', item, own: 'repair-invoice' },
  call: { id: 'call:party-2', own: 'party-2' },
  reach: { id: 'reach:party-2', own: 'party-2' },
  answer: { id: 'answer:party-2', own: 'party-2' },
  withdrawal: { id: 'withdrawal', own: 'party-1' },
  post: { id: 'post:formal-notice-1-letter', own: 'formal-notice-1-letter' },
  compare: { id: 'compare:L7K3M-9Q2X4' },
  appeal: { id: 'appeal:item-1', item },
  late: { id: 'late:item-1', item },
  clock: { id: 'clock:decision:item-1:due', item },
  escalation: { id: 'escalation:supervisor:review:item-1', item },
  policy: { id: 'policy' },
  problem: { id: 'problem:bank' },
};
const isDatum = (name: string): name is PersonalDatum => name in personalData;
const kinds = Object.entries(examples);

test.each(kinds)('%s needs what its row says, and nothing else', (kind, { own, ...task }) => {
  const { claim } = opened();
  const row: Partial<Record<string, string>> =
    Object.entries(needs).find(([name]) => name === kind)?.[1] ?? {};
  expect(taskKind(task)).toBe(kind);
  for (const datum of Object.keys(personalData).filter(isDatum)) {
    const [its, others] = [own ?? 'party-1', 'party-9'].map((of) =>
      isNeededFor(task, { datum, of }, claim, pack),
    );
    expect([datum, its, others]).toEqual([datum, row[datum] !== undefined, row[datum] === 'all']);
  }
});

test('whoever has the task reads what it needs without a purpose, which is the task', () => {
  const survey = opened();
  expect(reads(surveyor, contact('party-2'), survey)).toBe('task: survey');
  expect(reads(surveyor, 'notice', survey)).toBe('task: survey');
  const paperHere = surveyed().does(handler, {
    kind: 'add-document',
    document: 'driving-licence',
    attachment: 'sha',
  });
  expect(reads(handler, paper('driving-licence'), paperHere)).toBe('task: check');
  const verifying = opened().prepared(item, allPapers).assessed(yuan(300_000), item);
  expect(reads(verifier, 'papers', verifying)).toBe('task: verify');
  expect(reads(verifier, contact('party-1'), verifying)).toBe('purpose');
});

test('finance reads payee and account of a payment that is held, and nothing of any other claim', () => {
  const held = opened().prepared().instructed();
  held.take({ kind: 'bank-returned', payment: held.payment(), reason: 'AC04' });
  const payee = payeeOf(held.item());
  expect(reads(finance, { datum: 'account', of: payee }, held)).toBe('task: clear');
  expect(reads(finance, contact(payee), held)).toBe('task: clear');
  expect(reads(finance, 'notice', held)).toBe('no-need');
  expect(reads(finance, contact('party-1'), opened())).toBe('no-need');
  expect(reads(handler, { datum: 'account', of: payee }, held, { purpose: 'advice' })).toBe('no-need');
});

test('the handler and the surveyor need no purpose, until some days after the closure', () => {
  const subject = surveyed();
  expect(reads(handler, contact('party-1'), subject)).toBe('named: handling');
  expect(reads(surveyor, contact('party-1'), subject)).toBe('named: survey');
  expect(reads(surveyor, 'messages', subject)).toBe('no-need');
  const closed = opened();
  closed.claim = { ...closed.claim, expectations: [], outcome: 'withdrawn', stage: 'closed' };
  const after = (days: number) => ({ now: daysAfter(days, closed.claim.stageSince) });
  expect(reads(handler, contact('party-1'), closed, after(rules.daysAfterClosing))).toBe('named: handling');
  expect(reads(handler, contact('party-1'), closed, after(rules.daysAfterClosing + 1))).toBe('purpose');
});

test.each<[string, Person, Partial<Reading>, string]>([
  [
    'the hotline with a customer who calls',
    hotline,
    { purpose: 'customer-called' },
    'branch: customer-called',
  ],
  ['the hotline without a purpose', hotline, {}, 'purpose'],
  ['the hotline with a purpose of others', hotline, { purpose: 'supervision' }, 'purpose'],
  ['a colleague of the branch', colleague, { purpose: 'customer-called' }, 'branch: customer-called'],
  ['a supervisor of the branch', supervisor, { purpose: 'complaint' }, 'branch: complaint'],
  ['somebody of another branch', stranger, { purpose: 'customer-called' }, 'no-need'],
  ['the same behind a broken glass', stranger, { isGlassBroken: true }, 'glass: glass'],
  ['finance behind a broken glass', finance, { isGlassBroken: true }, 'glass: glass'],
  [
    'operations of any branch',
    aPerson('O-2', { roles: ['operations'], branch: 'penglai' }),
    { purpose: 'repair' },
    'branch: repair',
  ],
  ['an auditor', auditor, {}, 'audit: audit'],
  [
    'an auditor of another branch',
    aPerson('A-2', { roles: ['auditor'], branch: 'penglai' }),
    { purpose: 'complaint' },
    'audit: complaint',
  ],
  [
    'who is related to the policy',
    aPerson('C-9', { roles: ['handler'], conflicts: ['P-1'] }),
    { purpose: 'advice' },
    'no-need',
  ],
])('%s: %#', (_, person, given, answer) => {
  expect(reads(person, contact('party-1'), surveyed(), given)).toBe(answer);
});

test('operations read what their follow-up is about, and other branches only where there is nobody', () => {
  const followUps = [
    { what: 'answer customer, who has written', role: 'operations' as const, branch: 'longkou' },
  ];
  expect(reads(operator, 'notes', opened(), { followUps })).toBe('task: follow-up');
  expect(reads(operator, 'notice', opened(), { followUps })).toBe('purpose');
  const elsewhere = aPerson('O-2', { roles: ['operations'], branch: 'penglai' });
  expect(reads(elsewhere, 'notes', opened(), { followUps })).toBe('purpose');
});

function sentence(person: Person): string {
  const answer = mayRead(memberOf(person), contact('party-1'), surveyed().claim, {
    staff,
    units: [],
    today: '2026-11-24',
    now: daysAfter(1),
    pack,
    rules,
    followUps: [],
    isGlassBroken: false,
  });
  return answer.kind === 'barred' ? answer.sentence : '';
}

test('every denial says what opens it', () => {
  expect(sentence(stranger)).toMatch(
    /^C-303 is of penglai and has no task on claim L\S+ of longkou .*appoint C-303 to it\. .*--break-glass/,
  );
  expect(sentence(hotline)).toMatch(/--purpose with one of customer-called, data-request, filing\.$/);
  expect(sentence(finance)).toMatch(/^This needs one of the roles .*--break-glass/);
});

test('every role that reads by branch has a purpose to give', () => {
  for (const person of [
    hotline,
    colleague,
    surveyor,
    verifier,
    seniorReviewer,
    supervisor,
    manager,
    operator,
    auditor,
  ])
    expect(purposesOf(person, rules)).not.toEqual([]);
});

test('the deputy of an absent handler reads as the handler, wherever they work; a regional supervisor as one of the branch', () => {
  expect(reads(stranger, 'notes', surveyed())).toBe('no-need');
  const away = staff.map((each) =>
    each.code === handler.code ? { ...each, absences: [{ from: '2026-11-24' }], deputies: ['C-303'] } : each,
  );
  expect(reads(stranger, 'notes', opened(), { staff: away })).toBe('named: handling');
  const above = aPerson('U-905', { roles: ['supervisor'], branch: 'east' });
  const units: Unit[] = [{ code: 'longkou', name: '', kind: 'branch', above: 'east' }];
  expect(reads(above, 'notes', opened())).toBe('no-need');
  expect(reads(above, 'notes', opened(), { staff: [...staff, memberOf(above)], units })).toBe('purpose');
});
