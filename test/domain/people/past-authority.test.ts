import { authorityDoubt, historyOf, type AuthorityChange } from '../../../domain/people/past-authority.ts';
import type { Signer } from '../../../domain/signed-payload.ts';

describe('the authority in a signed act', () => {
  const was = {
    roles: ['reviewer'],
    branch: 'longkou',
    limits: { motor: { CNY: 5_000_000 } },
    conflicts: ['P-9'],
    active: true,
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
  const history = historyOf(changes);
  const by: Signer = {
    kind: 'staff',
    code: 'R-501',
    roles: ['reviewer'],
    branch: 'longkou',
    limitMinor: 5_000_000,
    conflicts: ['P-9'],
  };
  const doubt = (change: object, at = '2026-11-01T12:00:00.000Z', act = 'approve') =>
    authorityDoubt(history, { by: { ...by, ...change }, at, act }, 'motor');

  test.each<[string, object, string | undefined]>([
    ['is what the person had', {}, undefined],
    ['may be less', { roles: [], limitMinor: 1, conflicts: ['P-9', 'P-1'] }, undefined],
    ['of a role too many', { roles: ['manager', 'reviewer'] }, 'as manager, and was reviewer.'],
    ['of another branch', { branch: 'penglai' }, 'for penglai, and was of longkou.'],
    ['with another limit', { limitMinor: 9 * 5_000_000 }, 'with a limit of 45000000, and had 5000000.'],
    ['without a relation', { conflicts: [] }, 'without a relation that was on record.'],
    ['of somebody unknown', { code: 'R-999' }, 'and was not on record.'],
  ])('%s', (_, change, why) => {
    const sentence = doubt(change);
    if (why === undefined) expect(sentence).toBeUndefined();
    else expect(sentence).toMatch(new RegExp(`signed approve at 2026-11-01T12:00:00.000Z ${why}$`));
  });

  test('of a person who had left, but for those that were signed while the change was under way', () => {
    expect(doubt({}, '2026-11-03T00:00:00.000Z')).toContain('and had left.');
    expect(doubt({}, '2026-11-02T00:00:30.000Z')).toBeUndefined();
  });

  test('a notice of loss is signed without limit and relations', () => {
    expect(doubt({ limitMinor: undefined, conflicts: [] }, undefined, 'file')).toBeUndefined();
  });
});
