import fc from 'fast-check';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { itemOf, type Claim, type Item } from '../../../domain/claim/claim.ts';
import { releasedByRules } from '../../../domain/money/authority.ts';
import { hands, handsOn, staffBehind } from '../../../domain/people/hands.ts';
import { permissions } from '../../../domain/people/permissions.ts';
import { staffRoles, type Person } from '../../../domain/people/people.ts';
import {
  act,
  aPerson,
  ClaimUnderTest,
  handler,
  pack,
  rules,
  supervisor,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';
import { claimsOf, groundsAt, play, scriptsOn, type Move, type Turn } from '../stories.ts';

/** People who may each do everything: only what they did before keeps them away. */
const cast = ['S-201', 'X-1', 'X-2', 'X-3', 'X-4'].map((code) =>
  aPerson(code, { roles: [...staffRoles].filter((role) => role !== 'auditor'), limitMinor: yuan(9_000_000) }),
);

const withCast = (move: Move, of: number): Move =>
  'person' in move ? { ...move, person: cast[of % cast.length] ?? move.person } : move;

/** The money that an item is about, read from the journal alone. */
const stakeOf = (item: Item): number => Math.max(item.claimedMinor, item.assessment?.amountMinor ?? 0);

/** Whose acts the item rests on, read from the journal alone: so the fold is checked as well. */
function handsIn(journal: JournalEntry[], item: string): { did: string; by: string }[] {
  const isOfItem = (entry: JournalEntry): boolean =>
    !('item' in entry) || entry.item === undefined || entry.item === item;
  const own = journal.filter(isOfItem);
  const last = <K extends JournalEntry['kind']>(...kinds: K[]) =>
    own.findLast((entry): entry is Extract<JournalEntry, { kind: K }> =>
      kinds.some((kind) => kind === entry.kind),
    );
  const payee = last('payee-set', 'payment-returned');
  return own.flatMap((entry) => {
    const { by } = entry;
    switch (entry.kind) {
      case 'claim-opened':
        return [{ did: 'filed', by }];
      case 'claim-corrected':
        return entry.policy || entry.lossAt || entry.item?.id === item ? [{ did: 'corrected', by }] : [];
      case 'document-waived':
      case 'document-accepted': {
        const now = own.findLast(
          (other) => 'document' in other && other.document === entry.document && other.item === entry.item,
        );
        return now?.kind === entry.kind ? [{ did: entry.kind.replace('document-', ''), by }] : [];
      }
      case 'survey-reported':
        return [{ did: 'surveyed', by }];
      case 'assessed':
      case 'verified':
        return [{ did: entry.kind, by }];
      case 'payee-set':
        return payee?.kind === 'payee-set' && payee.party === entry.party && payee.account === entry.account
          ? [{ did: 'set the payee', by }]
          : [];
      default:
        return [];
    }
  });
}

type Decided = { name: 'approve' | 'refuse' | 'verify' | 'assess'; item: string; by: string };

function decisionIn({ command, decision }: Turn): Decided | undefined {
  if (decision.kind !== 'decided' || decision.entries.length === 0 || !('person' in command))
    return undefined;
  const { code } = command.person;
  switch (command.kind) {
    case 'approve':
    case 'refuse':
    case 'verify':
    case 'assess':
      return { name: command.kind, item: command.item, by: code };
    default:
      return undefined;
  }
}

describe.each(groundsAt('ordinary'))('%s', (_, ground) => {
  const scripts = scriptsOn(ground, 60).chain((script) =>
    fc.record({
      script: fc
        .array(fc.nat({ max: cast.length - 1 }), { minLength: script.length, maxLength: script.length })
        .map((people) => script.map((move, index) => withCast(move, people[index] ?? 0))),
      filer: fc.constantFrom('X-1', 'customer'),
    }),
  );

  test('nobody decides on money that rests on an excluded hand of their own, whatever happened before', () => {
    const found: Record<string, number> = {};
    fc.assert(
      fc.property(scripts, ({ script, filer }) => {
        const story = play(script, { ...ground, filer: { by: filer } });
        for (const turn of story.turns) {
          const decided = decisionIn(turn);
          const item = decided && itemOf(turn.after, decided.item);
          if (!decided || !item) continue;
          found[decided.name] = (found[decided.name] ?? 0) + 1;
          const before = story.journal.filter(({ seq }) => seq <= turn.before.seq);
          const barred = handsIn(before, decided.item).filter(({ did, by }) => {
            const apart = Object.entries(permissions[decided.name].apart ?? {}).find(
              ([hand]) => hand === did,
            )?.[1];
            const isAbove = stakeOf(item) > ground.rules.pack.separateAboveMinor;
            return by === decided.by && (apart === 'always' || (apart === 'above' && isAbove));
          });
          expect([decided, barred]).toEqual([decided, []]);
        }
      }),
      { numRuns: 150 },
    );
    expect(Object.keys(found).toSorted()).toEqual(['approve', 'assess', 'refuse', 'verify']);
  });

  test('a confirmed refusal is of two people, neither of them the process', () => {
    let confirmed = 0;
    fc.assert(
      fc.property(scripts, ({ script, filer }) => {
        // A second look may undo it later.
        const story = play(script, { ...ground, filer: { by: filer } });
        for (const { refusal } of claimsOf(story).flatMap(({ items }) => items)) {
          if (refusal?.confirmedBy === undefined) continue;
          confirmed += 1;
          expect([refusal.by, refusal.confirmedBy]).not.toContain('lipei');
          expect(refusal.by).not.toBe(refusal.confirmedBy);
        }
      }),
      { numRuns: 100 },
    );
    expect(confirmed).toBeGreaterThan(0);
  });
});

/** The same person does everything that a payment rests on. */
function oneHand(minor: number, person: Person = everything): ClaimUnderTest {
  const subject = ClaimUnderTest.covered({
    surveyor: person.code,
    items: [{ id: 'item-1', object: 'insured-vehicle', party: 'party-1', claimedMinor: minor }],
  });
  subject.claim = { ...subject.claim, filedBy: person.code };
  subject.does(person, act.surveys());
  for (const document of ['driving-licence', 'police-determination'])
    subject.does(person, act.adds(document)).does(person, act.accepts(document));
  subject.take({ kind: 'issue-receipt', item: 'item-1' });
  subject.does(person, act.assesses(minor));
  subject.take({ kind: 'verify-by-rules', item: 'item-1' });
  return subject;
}

const everything = aPerson('X-1', { roles: ['surveyor', 'handler', 'hotline'] });

const scored = (subject: ClaimUnderTest): { claim: Claim; item: Item } => {
  subject.take({ kind: 'take-payee', item: 'item-1' });
  subject.take({ kind: 'score', item: 'item-1' });
  return { claim: subject.claim, item: subject.item() };
};

const { oneHandUpToMinor, payUpToMinor } = pack.automatic;

test.each([
  ['one person, up to the bound', oneHandUpToMinor, true],
  ['one person, a fen above it', oneHandUpToMinor + 1, false],
])('the rules release what rests on %s (M9)', (_, minor, released) => {
  const { claim, item } = scored(oneHand(minor));
  expect(staffBehind(claim, item)).toEqual(['X-1']);
  expect(releasedByRules(claim, item, rules.pack)).toBe(released);
});

test.each([
  ['a second person who verified', (subject: ClaimUnderTest) => verifiedAgain(subject)],
  [
    'a second person who set the payee',
    (subject: ClaimUnderTest) => subject.does(handler, act.setsPayee('account-1')),
  ],
])('with %s, the rules release as much as they may', (_, change) => {
  const subject = oneHand(payUpToMinor);
  change(subject);
  const { claim, item } = scored(subject);
  expect(staffBehind(claim, item)).toHaveLength(2);
  expect(releasedByRules(claim, item, rules.pack)).toBe(true);
});

/** The scene was not seen, so a person verifies. */
function verifiedAgain(subject: ClaimUnderTest): void {
  subject.claim = {
    ...subject.claim,
    items: subject.claim.items.map((item) => ({ ...item, signedOff: {} })),
  };
  subject.does(verifier, act.verifies());
}

test('what the gate did not let pass the rules never release again', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  const payment = subject.payment();
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment });
  subject.take({ kind: 'void-approvals', item: 'item-1', payment, by: ['lipei'], because: 'total-grown' });
  expect(subject.item().payments).toMatchObject([{ kind: 'dropped' }]);
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(subject.item().approvals).toEqual([]);
});

test('the hands of an item are found, each under its name', () => {
  const subject = ClaimUnderTest.covered()
    .does(surveyor, act.surveys())
    .does(supervisor, act.waives('driving-licence'));
  subject.does(handler, act.adds('police-determination')).does(handler, act.accepts('police-determination'));
  subject.take({ kind: 'issue-receipt', item: 'item-1' });
  subject.does(handler, act.assesses(yuan(4800))).does(handler, act.setsPayee('account-1'));
  const found = hands.flatMap((hand) =>
    handsOn(hand, subject.claim, subject.item()).map((by) => `${hand} ${by}`),
  );
  expect(found).toEqual([
    'filed lipei',
    'waived U-901',
    'accepted C-301',
    'surveyed S-201',
    'assessed C-301',
    'set the payee C-301',
  ]);
});
