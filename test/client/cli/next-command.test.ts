import type { Shown } from '../../../client/own-api/schemas/claims.ts';
import type { ShownItem } from '../../../client/own-api/schemas/items.ts';
import type { Task } from '../../../client/own-api/schemas/work.ts';
import { nextCommand, whatWaits } from '../../../client/cli/pages/next-command.ts';
import { workPage } from '../../../client/cli/pages/work-page.ts';
import { aShownClaim, aShownItem, aTask } from '../../support/api-answers.ts';

const at = '2026-11-27T08:00:00.000Z';
const no = 'LESG7-WB14K';

const aClaim = (item: Partial<ShownItem>): Shown =>
  aShownClaim({ stage: 'review', items: [aShownItem(item)] });

const reviewTask = aTask({ what: 'review', item: 'item-1' });

describe('what to type next', () => {
  it.each<[string, Partial<Task>, Shown | undefined, string]>([
    ['a survey', { what: 'survey' }, undefined, `report-survey ${no} --on-scene --findings TEXT`],
    ['an assessment', { what: 'assess', item: 'item-2' }, undefined, `assess ${no} item-2 AMOUNT`],
    ['a verification', { what: 'verify', item: 'item-1' }, undefined, `verify ${no} item-1`],
    ['a review', { what: 'review', item: 'item-1' }, aClaim({}), `approve ${no} item-1`],
    [
      'a refusal that the rules propose',
      { what: 'review', item: 'item-1' },
      aClaim({ refusal: { clause: 'not-in-force', reasons: ['loss-after-expiry'], by: 'lipei' } }),
      `refuse ${no} item-1 --clause not-in-force --reason loss-after-expiry`,
    ],
    [
      'a refusal to confirm',
      { what: 'review', item: 'item-1' },
      aClaim({ refusal: { clause: 'not-in-force', reasons: ['loss-after-expiry'], by: 'R-501' } }),
      `refuse ${no} item-1`,
    ],
    [
      'a paper that stands in for another',
      { what: 'check proof-of-ownership', item: 'item-1' },
      aClaim({ documents: [{ kind: 'proof-of-ownership', state: 'received', by: 'purchase-receipt' }] }),
      `accept-document ${no} purchase-receipt --item item-1`,
    ],
    [
      'a paper of the claim',
      { what: 'check driving-licence' },
      undefined,
      `accept-document ${no} driving-licence`,
    ],
    [
      'a call',
      { id: 'call:party-2', what: 'call third-party' },
      undefined,
      `record-call ${no} party-2 reached`,
    ],
    [
      'a letter',
      { id: 'post:formal-notice-1-letter', what: 'post-letter' },
      undefined,
      `letters save ${no} formal-notice-1-letter letter.pdf`,
    ],
    [
      'what came after closing',
      { what: 'answer', followUp: 'note-1' },
      undefined,
      `close-out ${no} note-1 called`,
    ],
    ['what only people can tell', { what: 'stalled: survey' }, undefined, `claims show ${no}`],
  ])('for %s', (_, change, claim, command) => {
    expect(nextCommand(aTask(change), claim ? { claim } : {}, 'R-502')).toBe(command);
  });

  it('is to look, where this person may not act, and the line says why', () => {
    const approved = { claim: aClaim({ approvals: [{ by: 'R-502', at }] }) };
    expect(nextCommand(reviewTask, approved, 'R-502')).toBe(`claims show ${no}`);
    expect(whatWaits(reviewTask, approved, 'R-502')).toBe(
      'review CNY 378000.00 (you have approved it; another person must approve too)',
    );
    expect(whatWaits(reviewTask, approved, 'R-501')).toBe('review CNY 378000.00');
    const assessed = { claim: aClaim({ assessment: { version: 1, amount: '380000.00', by: 'C-302' } }) };
    expect(whatWaits(reviewTask, assessed, 'C-302')).toContain('you have assessed it');
  });
});

it('a call names the person and the telephone, and under it stands what they wrote', () => {
  const looked = {
    contact: { name: '王海涛', phone: '+8613800000101', locale: 'zh-CN', timeZone: 'Asia/Shanghai' },
    wrote: '周五可以吗？',
  };
  const page = workPage([{ task: aTask({ id: 'answer:party-1', what: 'call policyholder' }), looked }], {
    code: 'C-301',
    roles: ['handler'],
  });
  expect(page).toMatch(/call policyholder 王海涛 \+8613800000101/);
  expect(page).toContain('\n  “周五可以吗？”\n  → bin/lipei record-call');
});

it('an empty list says what comes there', () => {
  expect(workPage([], { code: 'M-601', roles: ['manager'] })).toMatch(
    /^Nothing waits for M-601\. You get tasks that stay undone/,
  );
});
