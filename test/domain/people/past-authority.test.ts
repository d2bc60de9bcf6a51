import { dayIn } from '../../../config/today.ts';
import {
  authorityDoubt,
  historyOf,
  type AuthorityChange,
  type UnitChange,
} from '../../../domain/people/past-authority.ts';
import type { Signer } from '../../../domain/signed-payload.ts';

describe('the authority in a signed act', () => {
  const was = {
    roles: ['reviewer'],
    branch: 'longkou',
    limits: { motor: { CNY: 5_000_000 } },
    conflicts: ['P-9'],
    active: true,
    deputies: [],
    absences: [],
    timeZone: 'Asia/Shanghai',
  };
  const changes: AuthorityChange[] = [
    { code: 'R-501', at: '2026-11-01T00:00:00.000Z', role: 'owner', before: null, after: was },
    {
      code: 'R-501',
      at: '2026-11-02T00:00:00.000Z',
      role: 'owner',
      before: was,
      after: { ...was, active: false },
    },
  ];
  const long = '2026-10-01T00:00:00.000Z';
  // C-301 is absent on the first of November, where it begins at 16:00 UTC of the day before.
  const absent = { ...was, roles: ['handler'], deputies: ['R-501'] };
  changes.push({
    code: 'C-301',
    at: long,
    role: 'owner',
    before: null,
    after: { ...absent, absences: [{ from: '2026-11-01', until: '2026-11-01' }] },
  });
  const head = { code: 'longkou', name: 'Longkou', kind: 'regional-office' } as const;
  const units: UnitChange[] = [
    { code: 'longkou', at: long, role: 'owner', before: null, after: head },
    {
      code: 'laishan',
      at: long,
      role: 'owner',
      before: null,
      after: { code: 'laishan', name: 'Laishan', kind: 'branch', above: 'longkou' },
    },
  ];
  const history = historyOf({ changes, units }, dayIn);
  const by: Signer = {
    kind: 'staff',
    code: 'R-501',
    roles: ['reviewer'],
    branch: 'longkou',
    limitMinor: 5_000_000,
    conflicts: ['P-9'],
  };
  const doubt = (change: object, at = '2026-11-01T12:00:00.000Z', act = 'approve') =>
    authorityDoubt(history, { by: { ...by, ...change }, at, act }, { line: 'motor', currency: 'CNY' });

  test.each<[string, object, string | undefined]>([
    ['is what the person had', {}, undefined],
    ['may be less', { roles: [], limitMinor: 1, conflicts: ['P-9', 'P-1'] }, undefined],
    ['of a role too many', { roles: ['manager', 'reviewer'] }, 'as manager, and was reviewer.'],
    ['of another branch', { branch: 'penglai' }, 'for penglai, and was of longkou.'],
    ['with another limit', { limitMinor: 9 * 5_000_000 }, 'with a limit of 45000000, and had 5000000.'],
    ['without a relation', { conflicts: [] }, 'without a relation that was on record.'],
    ['of somebody unknown', { code: 'R-999' }, 'and was not on record.'],
    ['for a unit beneath their own', { below: ['laishan'] }, undefined],
    [
      'for a unit that was not',
      { below: ['laishan', 'penglai'] },
      'for penglai, which was not beneath longkou.',
    ],
    ['in place of somebody absent', { standsInFor: ['C-301'] }, undefined],
    [
      'in place of somebody who names another deputy',
      { standsInFor: ['C-302'] },
      'in place of C-302, whose deputy they were not.',
    ],
  ])('%s', (_, change, why) => {
    const sentence = doubt(change);
    if (why === undefined) expect(sentence).toBeUndefined();
    else expect(sentence).toMatch(new RegExp(`signed approve at 2026-11-01T12:00:00.000Z ${why}$`));
  });

  test('of a person who had left, but for those that were signed while the change was under way', () => {
    expect(doubt({}, '2026-11-03T00:00:00.000Z')).toContain('and had left.');
    expect(doubt({}, '2026-11-02T00:00:30.000Z')).toBeUndefined();
  });

  test.each([
    ['2026-10-31T15:00:00.000Z', false],
    ['2026-10-31T16:00:00.000Z', true],
    ['2026-11-01T00:00:00.000Z', true],
    ['2026-11-01T15:59:59.000Z', true],
    ['2026-11-01T16:02:00.000Z', false],
  ])('in place of somebody absent at %s: %s', (moment, isRight) => {
    const known = { ...by, standsInFor: ['C-301'] };
    const first = changes.map((change) => ({ ...change, at: long }));
    const earlier = historyOf(
      { changes: first.filter(({ after }) => after?.active !== false), units },
      dayIn,
    );
    const sentence = authorityDoubt(earlier, { by: known, at: moment, act: 'assess' }, undefined);
    expect(sentence === undefined).toBe(isRight);
  });

  test('a notice of loss is signed without limit and relations', () => {
    expect(doubt({ limitMinor: undefined, conflicts: [] }, undefined, 'file')).toBeUndefined();
  });
});
