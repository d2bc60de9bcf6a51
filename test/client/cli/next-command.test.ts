import type { Shown } from '../../../client/own-api/schemas/claims.ts';
import type { ShownItem } from '../../../client/own-api/schemas/items.ts';
import type { Task } from '../../../client/own-api/schemas/work.ts';
import { nextCommand, whatWaits } from '../../../client/cli/pages/next-command.ts';
import { workPage } from '../../../client/cli/pages/work-page.ts';
import { aShownClaim, aShownItem, aTask } from '../../support/api-answers.ts';

const no = 'LESG7-WB14K';

const aClaim = (item: Partial<ShownItem>): Shown =>
  aShownClaim({ stage: 'review', items: [aShownItem(item)] });

describe('what to type next', () => {
  it.each<[string, Partial<Task>, string]>([
    ['a survey', { what: 'survey', act: 'report-survey' }, `report-survey ${no} --on-scene --findings TEXT`],
    ['an assessment', { what: 'assess', act: 'assess', item: 'item-2' }, `assess ${no} item-2 AMOUNT`],
    ['a verification', { what: 'verify', act: 'verify', item: 'item-1' }, `verify ${no} item-1`],
    ['a review', { what: 'review', act: 'approve', item: 'item-1' }, `approve ${no} item-1`],
    [
      'a paper that stands in for another',
      {
        what: 'check proof-of-ownership',
        act: 'accept-document',
        item: 'item-1',
        document: 'purchase-receipt',
      },
      `accept-document ${no} purchase-receipt --item item-1`,
    ],
    [
      'a paper of the claim',
      { what: 'check driving-licence', act: 'accept-document', document: 'driving-licence' },
      `accept-document ${no} driving-licence`,
    ],
    [
      'a call',
      { id: 'call:party-2', what: 'call third-party', act: 'record-call', party: 'party-2' },
      `record-call ${no} party-2 reached`,
    ],
    [
      'a letter',
      { what: 'post-letter', act: 'post-letter', letter: 'formal-notice-1-letter' },
      `letters save ${no} formal-notice-1-letter letter.pdf`,
    ],
    ['what came after closing', { what: 'answer', followUp: 'note-1' }, `close-out ${no} note-1 called`],
    [
      'a supervisor, after an appeal about a closed claim',
      { from: 'supervisor', what: 'reopen item-1 after an appeal', followUp: 'appeal-item-1-0f' },
      `reopen ${no} REASON --items item-1`,
    ],
    [
      'a supervisor, after a document that came late',
      { from: 'supervisor', what: 'look at repair-invoice, which came after closing', followUp: 'r-1' },
      `reopen ${no} REASON`,
    ],
    [
      'an appeal in an open claim',
      { from: 'supervisor', what: 'reopen after an appeal', act: 'reopen', item: 'item-2' },
      `reopen ${no} REASON --items item-2`,
    ],
    ['what only people can tell', { what: 'stalled: survey' }, `claims show ${no}`],
  ])('for %s', (_, change, command) => {
    expect(nextCommand(aTask(change), {})).toBe(command);
  });

  it('for a refusal that the rules propose, names its clause and reasons; one of a person is confirmed', () => {
    const refusal = { clause: 'not-in-force', reasons: ['loss-after-expiry'], by: 'lipei' };
    const task = aTask({ what: 'review', act: 'refuse', item: 'item-1' });
    expect(nextCommand(task, { claim: aClaim({ refusal }) })).toBe(
      `refuse ${no} item-1 --clause not-in-force --reason loss-after-expiry`,
    );
    expect(nextCommand(task, { claim: aClaim({ refusal: { ...refusal, by: 'R-501' } }) })).toBe(
      `refuse ${no} item-1`,
    );
    expect(nextCommand(task, {})).toBe(`claims show ${no}`);
  });
});

it.each<[string, Partial<Task>]>([
  ['check accident-certificate', { what: 'check police-determination', document: 'accident-certificate' }],
  ['post the letter refused-1-letter', { what: 'post-letter', letter: 'refused-1-letter' }],
  ['review CNY 378000.00', { what: 'review', act: 'approve', amount: '378000.00', currency: 'CNY' }],
  ['review refusal CNY 9000.00', { what: 'review', act: 'refuse', amount: '9000.00', currency: 'CNY' }],
  ['survey', { what: 'survey', act: 'report-survey' }],
])('a line says %s', (words, change) => {
  expect(whatWaits(aTask(change), {})).toBe(words);
});

it('a call names the person, the telephone and the language, and under it stands what they wrote', () => {
  const contact = { name: '王海涛', phone: '+8613800000101', locale: 'zh-CN', timeZone: 'Asia/Shanghai' };
  const answer = { id: 'answer:party-1', what: 'call policyholder', act: 'record-call', party: 'party-1' };
  const page = workPage([{ task: aTask({ ...answer, contact }), looked: { wrote: '周五可以吗？' } }], {
    code: 'C-301',
    roles: ['handler'],
  });
  expect(page).toMatch(/call policyholder 王海涛 \+8613800000101 \(zh-CN\)/);
  expect(page).toContain('\n  “周五可以吗？”\n  → bin/lipei record-call');
});

it('a task says who else may take it, and who of them is absent', () => {
  const others = [
    { code: 'R-502' },
    { code: 'M-601', absent: { until: '2026-12-03' } },
    { code: 'M-602', absent: { until: null } },
    { code: 'E-701' },
    { code: 'E-702' },
  ];
  const page = workPage([{ task: aTask({ act: 'approve', others }), looked: {} }], {
    code: 'C-302',
    roles: ['reviewer'],
  });
  expect(page).toContain(
    '\n  also for R-502, M-601 (absent until 2026-12-03), M-602 (absent), E-701 and 1 more\n  → ',
  );
});

it('an empty list says what comes there', () => {
  expect(workPage([], { code: 'M-601', roles: ['manager'] })).toMatch(
    /^Nothing waits for M-601\. You get reviews above the limits/,
  );
});
