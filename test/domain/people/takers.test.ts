import fc from 'fast-check';
import type { Claim } from '../../../domain/claim/claim.ts';
import { isAboutStaff } from '../../../domain/claim/problems.ts';
import type { Absence } from '../../../domain/people/deputies.ts';
import { staffRoles, type Person, type StaffRole } from '../../../domain/people/people.ts';
import { isDecided, untaken } from '../../../domain/people/staffing.ts';
import { mayBe, mayNotTake, onLine, takersOf, type Member } from '../../../domain/people/takers.ts';
import type { Unit } from '../../../domain/people/units.ts';
import { staffSteps } from '../../../domain/road/road.ts';
import type { Expectation } from '../../../domain/waiting/expectation.ts';
import { endedBy, tasksBesideRoad } from '../../../domain/waiting/endings.ts';
import { middleOf } from '../../../wording/renderer/words.ts';
import {
  act,
  allPapers,
  aPerson,
  aPolicy,
  anInsuredVehicle,
  ClaimUnderTest,
  finance,
  handler,
  juniorReviewer,
  manager,
  operator,
  pack,
  seniorReviewer,
  supervisor,
  sure,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';
import { claimsOf, groundsAt, play, scriptsOn } from '../stories.ts';

const executive = aPerson('E-701', { roles: ['executive'], limitMinor: yuan(10_000_000) });
const today = '2026-11-23';
const world = { today, pack, units: [] };

const member = ({ limitMinor, ...person }: Person, absence?: Absence): Member => ({
  ...person,
  limits: limitMinor === undefined ? {} : { motor: { CNY: limitMinor } },
  absences: absence ? [absence] : [],
  deputies: [],
});

const branch = [
  surveyor,
  handler,
  aPerson('C-302', { roles: ['handler', 'reviewer'], limitMinor: yuan(500_000) }),
  verifier,
  juniorReviewer,
  seniorReviewer,
  manager,
  executive,
  finance,
  supervisor,
  operator,
];
const staff = branch.map((each) => member(each));

const rich = aPolicy({
  objects: { 'insured-vehicle': { sumInsuredMinor: yuan(5_000_000), excessMinor: 0 } },
});
const toReview = (amount: number): ClaimUnderTest =>
  ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: amount })] }, rich)
    .prepared('item-1', allPapers)
    .reviewable(yuan(amount));

const goesTo = (claim: Claim, id: string, people: readonly Member[] = staff): string[] =>
  takersOf(claim, sure(claim.expectations.find((each) => each.id === id)), people, world).present.map(
    ({ code }) => code,
  );

const away = (...codes: string[]): Member[] =>
  branch.map((each) =>
    member(each, codes.includes(each.code) ? { from: today, until: '2026-11-25' } : undefined),
  );
const without = (...codes: string[]): Member[] => staff.filter(({ code }) => !codes.includes(code));

test.each<[string, number, readonly Member[], string[]]>([
  [
    'a small amount to every reviewer of the branch whose limit it is within',
    30_000,
    staff,
    ['C-302', 'R-501', 'R-502'],
  ],
  ['more to those with the limit', 90_000, staff, ['C-302', 'R-502']],
  ['to a manager where the reviewers with the limit are absent', 90_000, away('C-302', 'R-502'), ['M-601']],
  ['to an executive where nobody else is left', 90_000, away('C-302', 'R-502', 'M-601'), ['E-701']],
  ['to all who may give one of two approvals', 380_000, staff, ['C-302', 'R-502', 'M-601', 'E-701']],
  ['1,500,000 to the only one with the limit (M17)', 1_500_000, staff, ['E-701']],
  [
    'to an executive of another branch where this one has nobody with the limit',
    90_000,
    [
      ...without('C-302', 'R-502', 'M-601', 'E-701'),
      member({ ...executive, code: 'E-9', branch: 'penglai' }),
    ],
    ['E-9'],
  ],
  [
    'to nobody of another branch where this one has somebody with the limit',
    90_000,
    [
      ...away('C-302', 'R-502', 'M-601', 'E-701'),
      member(aPerson('R-9', { ...seniorReviewer, code: 'R-9', branch: 'penglai' })),
    ],
    [],
  ],
])('a review goes: %s', (_, amount, people, codes) => {
  expect(goesTo(toReview(amount).claim, 'review:item-1', people)).toEqual(codes);
});

test('whoever approved, assessed or is related is passed over', () => {
  const subject = toReview(380_000);
  subject.does(seniorReviewer, act.approves(subject.hash()));
  expect(goesTo(subject.claim, 'review:item-1')).toEqual(['C-302', 'M-601', 'E-701']);
  const related = staff.map((each) => (each.code === 'C-302' ? { ...each, conflicts: ['P-1'] } : each));
  expect(goesTo(subject.claim, 'review:item-1', related)).toEqual(['M-601', 'E-701']);
  expect(untaken(subject.claim, staff, world)).toEqual([]);
});

test('where the second approval is missing, the problem names the amount', () => {
  expect(untaken(toReview(1_500_000).claim, staff, world)).toEqual([
    {
      problem: 'nobody:review:item-1',
      what: 'nobody may review item-1 (CNY 1500000.00) as a second person in longkou',
      expectation: 'review:item-1',
    },
  ]);
  expect(untaken(toReview(90_000).claim, without('C-302', 'R-502', 'M-601', 'E-701'), world)).toMatchObject([
    { what: 'nobody may review item-1 (CNY 90000.00) in longkou' },
  ]);
});

test('a proposed refusal goes to somebody else than who proposed it', () => {
  const subject = toReview(90_000);
  subject.does(seniorReviewer, act.refuses());
  expect(goesTo(subject.claim, 'review:item-1')).not.toContain('R-502');
});

const withPaper = (): ClaimUnderTest => ClaimUnderTest.covered().does(handler, act.adds('driving-licence'));

describe('work that the claim names somebody for', () => {
  const check = 'check:claim:driving-licence';

  test('goes to them, and in their absence to the others of the branch', () => {
    const { claim } = withPaper();
    expect(goesTo(claim, check)).toEqual(['C-301']);
    const { present: here, absent } = takersOf(
      claim,
      sure(claim.expectations.find(({ id }) => id === check)),
      away('C-301'),
      world,
    );
    expect(here.map(({ code }) => code)).toEqual(['C-302']);
    expect(absent.map(({ code }) => code)).toEqual(['C-301']);
  });

  test.each([
    ['absent, as all are', away('C-301', 'C-302')],
    [
      'related to the policy',
      staff.map((each) => (each.code === 'C-301' ? { ...each, conflicts: ['P-1'] } : each)),
    ],
  ])('is a problem where the handler is %s', (_, people) => {
    expect(goesTo(withPaper().claim, check, people)).toEqual([]);
    expect(untaken(withPaper().claim, people, world)).toMatchObject([
      { problem: 'nobody:handler', what: 'nobody may act as handler for C-301 in longkou' },
    ]);
  });

  test('a claim without a handler is a problem at once, whatever it waits for', () => {
    const { claim } = ClaimUnderTest.covered({ handler: 'nobody' });
    expect(untaken(claim, staff, world)).toEqual([
      { problem: 'nobody:handler', what: 'nobody may handle the claim in longkou' },
    ]);
  });
});

test.each<[string, Member, string, boolean]>([
  ['its handler', member(handler), 'H-101', true],
  ['no handler of what they filed', member(handler), 'C-301', false],
  [
    'no handler where they are related to the policy',
    member({ ...handler, conflicts: ['P-1'] }),
    'H-101',
    false,
  ],
  ['no handler without the role', member(verifier), 'H-101', false],
])('a person may be %s', (_, person, filedBy, may) => {
  expect(mayBe('handler', person, { ...ClaimUnderTest.covered().claim, filedBy }, pack)).toBe(may);
});

/** Each language has a word for the steps and for what stands beside the road (`templates check`). */
const hasWords = (what: string): boolean =>
  staffSteps.some((step) => step === what) ||
  tasksBesideRoad.some((says) => says === what || middleOf(says, what) !== undefined);

describe('what ends an expectation', () => {
  test.each(groundsAt('ordinary'))(
    '%s: an act, for all that staff are waited for; and those who get it may',
    (_, ground) => {
      fc.assert(
        fc.property(scriptsOn(ground), (script) => {
          for (const claim of claimsOf(play(script, ground)))
            for (const open of claim.expectations.filter(({ from }) =>
              staffRoles.some((role) => role === from),
            )) {
              const item = claim.items.find(({ id }) => id === open.item);
              expect(endedBy(open, item)).toBeDefined();
              if (!open.id.startsWith('problem:')) expect(hasWords(open.what)).toBe(true);
              if (!isDecided(claim, open)) continue;
              const { present: people } = takersOf(claim, open, staff, {
                today,
                units: [],
                pack: ground.rules.pack,
              });
              for (const each of people)
                expect(mayNotTake(onLine(each, claim), claim, open, ground.rules.pack)).toBeUndefined();
            }
        }),
        { numRuns: 30 },
      );
    },
  );
});

test('problems about staff rise and are solved as they are found, and hold up neither the claim nor its end', () => {
  const subject = toReview(1_500_000);
  const nobody = untaken(subject.claim, staff, world);
  subject.take({ kind: 'know-staffing', nobody });
  subject.take({ kind: 'know-staffing', nobody });
  expect(subject.claim.problems.map(({ id }) => id)).toEqual(['nobody:review:item-1']);
  expect(subject.claim.problems.every(isAboutStaff)).toBe(true);
  expect(subject.expecting('problem:nobody:review:item-1')).toMatchObject({ from: 'operations' });
  subject.take({ kind: 'raise-problem', problem: 'bank:item-1', what: 'the bank does not take payments' });
  subject.take({ kind: 'know-staffing', nobody: [] });
  expect(subject.claim.problems.map(({ id }) => id)).toEqual(['bank:item-1']);
  // By then somebody has taken it.
  subject.take({
    kind: 'know-staffing',
    nobody: [{ problem: 'nobody:verify:item-1', what: '', expectation: 'verify:item-1' }],
  });
  expect(subject.claim.problems.map(({ id }) => id)).toEqual(['bank:item-1']);
});

const of = (code: string, role: StaffRole, unit: string, change: Partial<Member> = {}): Member => ({
  ...member(aPerson(code, { roles: [role], branch: unit })),
  ...change,
});
const absent = { absences: [{ from: today }] };
const left = { leavesOn: '2026-11-22' };
const limited = (minor: number): Partial<Member> => ({ limits: { motor: { CNY: minor } } });

describe('up the hierarchy', () => {
  const units: Unit[] = [
    { code: 'longkou', name: '龙口支公司', kind: 'branch', above: 'east' },
    { code: 'penglai', name: '蓬莱支公司', kind: 'branch', above: 'east' },
    { code: 'washington', name: 'Washington', kind: 'branch', above: 'head' },
    { code: 'east', name: '烟台分公司', kind: 'regional-office', above: 'head' },
    { code: 'head', name: '总公司', kind: 'head-office' },
  ];
  const takersIn = (claim: Claim, open: Pick<Expectation, 'id' | 'from' | 'item'>, people: Member[]) =>
    takersOf(claim, open, people, { today, pack, units });
  const { claim } = ClaimUnderTest.covered();
  const escalation: Pick<Expectation, 'id' | 'from'> = {
    id: 'escalation:supervisor:survey',
    from: 'supervisor',
  };

  test.each<[string, Member[], string[]]>([
    [
      'to the branch while somebody is there',
      [
        of('U-1', 'supervisor', 'longkou'),
        of('U-2', 'supervisor', 'longkou', absent),
        of('U-3', 'supervisor', 'east'),
      ],
      ['U-1'],
    ],
    [
      'past an absent supervisor to the regional office',
      [
        of('U-1', 'supervisor', 'longkou', absent),
        of('U-2', 'supervisor', 'penglai'),
        of('U-3', 'supervisor', 'east'),
      ],
      ['U-3'],
    ],
    [
      'to the deputy of an absent supervisor, wherever they work',
      [
        of('U-1', 'supervisor', 'longkou', { ...absent, deputies: ['U-2'] }),
        of('U-2', 'supervisor', 'penglai'),
        of('U-3', 'supervisor', 'east'),
      ],
      ['U-2'],
    ],
    [
      'past a deputy who is absent too, to the deputy of that one',
      [
        of('U-1', 'supervisor', 'longkou', { ...absent, deputies: ['U-2'] }),
        of('U-2', 'supervisor', 'longkou', { ...absent, deputies: ['U-4'] }),
        of('U-3', 'supervisor', 'east'),
        of('U-4', 'supervisor', 'washington'),
      ],
      ['U-4'],
    ],
    [
      'not to a deputy without the role',
      [
        of('U-1', 'supervisor', 'longkou', { ...absent, deputies: ['C-1'] }),
        of('C-1', 'handler', 'longkou'),
        of('U-3', 'supervisor', 'east'),
      ],
      ['U-3'],
    ],
    [
      'past somebody whose last day is over, to the head office',
      [
        of('U-1', 'supervisor', 'longkou', left),
        of('U-3', 'supervisor', 'east', absent),
        of('U-5', 'supervisor', 'head'),
      ],
      ['U-5'],
    ],
    [
      'at last to the whole company',
      [of('U-3', 'supervisor', 'east', absent), of('U-6', 'supervisor', 'washington')],
      ['U-6'],
    ],
    ['to nobody where nobody is there', [of('U-1', 'supervisor', 'longkou', absent)], []],
  ])('an escalation goes %s', (_, people, codes) => {
    expect(takersIn(claim, escalation, people).present.map(({ code }) => code)).toEqual(codes);
  });

  test('work of a role goes to all parts of the smallest unit above with somebody there', () => {
    const post: Pick<Expectation, 'id' | 'from'> = { id: 'post:formal-notice-1-letter', from: 'operations' };
    const people = [
      of('O-1', 'operations', 'longkou', absent),
      of('O-2', 'operations', 'penglai'),
      of('O-3', 'operations', 'east'),
      of('O-4', 'operations', 'head'),
    ];
    const { present: here, absent: gone } = takersIn(claim, post, people);
    expect(here.map(({ code }) => code)).toEqual(['O-2', 'O-3']);
    expect(gone.map(({ code }) => code)).toEqual(['O-1']);
  });

  test('a review above the limits of the branch goes to the regional office, and not to another branch', () => {
    const people = [
      of('R-1', 'reviewer', 'longkou', limited(yuan(50_000))),
      of('R-2', 'reviewer', 'penglai', limited(yuan(500_000))),
      of('R-3', 'reviewer', 'east', limited(yuan(500_000))),
      of('M-4', 'manager', 'head', limited(yuan(5_000_000))),
    ];
    const [review] = toReview(90_000).claim.expectations.filter(({ from }) => from === 'reviewer');
    const taken = takersIn(toReview(90_000).claim, sure(review), people);
    expect(taken.present.map(({ code }) => code)).toEqual(['R-3']);
  });

  test('the deputy of an absent handler has what waits for the handler, with its dates', () => {
    const subject = withPaper();
    const check = sure(subject.claim.expectations.find(({ id }) => id === 'check:claim:driving-licence'));
    const people = [
      of('C-301', 'handler', 'longkou', { ...absent, deputies: ['C-9'] }),
      of('C-302', 'handler', 'longkou'),
      of('C-9', 'handler', 'penglai'),
    ];
    expect(takersIn(subject.claim, check, people).present.map(({ code }) => code)).toEqual(['C-9']);
    const problems = untaken(subject.claim, people, { today, pack, units }).map(({ problem }) => problem);
    expect(problems).not.toContain('nobody:handler');
  });
});
