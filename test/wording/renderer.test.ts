import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRenderer, templatesFolder, type Renderer } from '../../wording/renderer/renderer.ts';
import type { Message, WorkMessage } from '../../wording/renderer/message.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const renderer = createRenderer(templatesFolder);

const aMessage = (change: Partial<Message> = {}): Message => ({
  kind: 'paid',
  channel: 'email',
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  facts: { item: 'item-1', amountMinor: 480000 },
  recipient: { name: '王海涛' },
  claim: {
    number: 'L7K3M-9Q2X4',
    jurisdiction: 'CN',
    currency: 'CNY',
    items: [{ id: 'item-1', object: 'insured-vehicle' }],
  },
  ...change,
});

const aWorkMessage = (change: Partial<WorkMessage> = {}): WorkMessage => ({
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  recipient: { code: 'C-301', name: '郭丽娜' },
  claims: [],
  fresh: 1,
  late: 0,
  total: 1,
  isLastToday: false,
  ...change,
});

const wordsIn = (part: string): string => part.replace(/^(?:\d\.|-) /gm, '').replace(/\s/g, '');

const front = (file: string): string =>
  `---\npurpose: To the customer, for a test.\n${file.includes('.sms.') ? 'segments: 8\n' : ''}---\n`;

/** The project's templates with one of them rewritten, below valid front matter. */
function rendererWith(file: string, content: string): Renderer {
  const folder = temporaryDirectory();
  cpSync(templatesFolder, folder, { recursive: true });
  writeFileSync(join(folder, file), file.endsWith('.liquid') ? front(file) + content : content);
  return createRenderer(folder);
}

test.each([
  ['zh-CN', 'zh-CN/paid.email', '¥4,800.00'],
  ['zh-TW', 'zh-CN/paid.email', '4,800.00'],
  ['en', 'en/paid.email', 'CN¥4,800.00'],
  ['en-GB', 'en/paid.email', 'CN¥4,800.00'],
  ['fr', 'en/paid.email', 'CN¥4,800.00'],
  ['not a locale', 'en/paid.email', 'CN¥4,800.00'],
])('a reader of %s gets %s, with the amount in their own format', (locale, template, amount) => {
  const rendered = renderer.render(aMessage({ locale }));
  expect(rendered.template).toBe(template);
  expect(rendered.text).toContain(amount);
  expect(rendered.html).toContain(amount);
});

test('a day is the reader’s own, wherever the claim is handled', () => {
  const facts = { documents: [{ kind: 'police-determination', notBefore: '2026-12-09T18:00:00.000Z' }] };
  const inZone = (timeZone: string) =>
    renderer.render(aMessage({ kind: 'documents-needed', facts, locale: 'en-GB', timeZone })).text;
  expect(inZone('Asia/Shanghai')).toContain('10 December 2026');
  expect(inZone('America/New_York')).toContain('9 December 2026');
});

test('an item is named by its object; of two alike each has its number', () => {
  const items = [
    { id: 'item-1', object: 'insured-vehicle' },
    { id: 'item-2', object: 'third-party-vehicle' },
    { id: 'item-3', object: 'third-party-vehicle' },
  ];
  const notified = (item: string) =>
    renderer.render(aMessage({ claim: { ...aMessage().claim, items }, facts: { item, amountMinor: 1 } }))
      .text;
  expect(notified('item-1')).toContain('标的车的赔款');
  expect(notified('item-3')).toContain('三者车2的赔款');
});

test.each(['en', 'zh-CN'])(
  'the first text in %s says how to opt out where the country wants it',
  (locale) => {
    const first = (jurisdiction: string): string =>
      renderer.render(
        aMessage({
          kind: 'acknowledgement',
          channel: 'sms',
          locale,
          claim: { ...aMessage().claim, jurisdiction },
          facts: { expected: { decision: '2026-12-23T08:00:00.000Z', payment: '2027-01-02T08:00:00.000Z' } },
        }),
      ).text;
    expect([first('US').includes('STOP'), first('CN').includes('STOP')]).toEqual([true, false]);
  },
);

test('a document is named with its object only where the claim has several', () => {
  const message = aMessage({
    kind: 'documents-reminder',
    channel: 'sms',
    facts: { documents: [{ kind: 'repair-invoice', item: 'item-1' }] },
  });
  expect(renderer.render(message).text).toContain('还缺：维修发票。');
  const two = {
    ...message,
    claim: {
      ...message.claim,
      items: [...message.claim.items, { id: 'item-2', object: 'third-party-vehicle' }],
    },
  };
  expect(renderer.render(two).text).toContain('还缺：标的车维修发票。');
});

test('an SMS about more documents than it can list gives their number', () => {
  const items = Array.from({ length: 9 }, (_, index) => ({
    id: `item-${index + 1}`,
    object: 'third-party-vehicle',
  }));
  const facts = { documents: items.map(({ id }) => ({ kind: 'repair-invoice', item: id })) };
  expect(
    renderer.render(
      aMessage({ kind: 'documents-reminder', channel: 'sms', facts, claim: { ...aMessage().claim, items } }),
    ).text,
  ).toContain('等共9项');
});

test('an account is asked for on the telephone and not by email', () => {
  const facts = { documents: [{ kind: 'payee-account', item: 'item-1' }] };
  const { text } = renderer.render(aMessage({ kind: 'documents-reminder', facts }));
  expect(text).toContain('请致电客服热线');
  expect(text).not.toContain('claims@');
});

test('an assessment below the excess is explained, and promises no payment', () => {
  const zero = { kind: 'assessed', facts: { item: 'item-1', amountMinor: 0 } } as const;
  expect(renderer.render(aMessage(zero)).text).toMatch(/没有应付的赔款/);
  expect(renderer.render(aMessage({ ...zero, channel: 'sms' })).text).toMatch(/没有应付的赔款/);
  expect(renderer.render(aMessage({ kind: 'assessed' })).text).toContain('¥4,800.00');
});

test('all messages of a claim have the handler’s own number (S28), otherwise the hotline’s', () => {
  const handler = { name: '郭丽娜', phone: '0535-8500001' };
  expect(renderer.render(aMessage({ handler })).text).toContain(
    '请致电 0535-8500001，联系您的理赔专员郭丽娜',
  );
  expect(renderer.render(aMessage({ handler: { name: '郭丽娜' } })).text).toContain(
    '请致电 400-000-0100，联系您的理赔专员郭丽娜',
  );
});

test.each(['email', 'sms'] as const)('a code without words does not reach the customer by %s', (channel) => {
  const facts = { documents: [{ kind: 'driving-licence', reason: 'wang-hai-tao' }] };
  expect(renderer.render(aMessage({ kind: 'document-rejected', channel, facts })).text).not.toContain('wang');
});

test('a refusal gives each reason that has words', () => {
  const facts = { item: 'item-1', clause: 'not-in-force', reason: 'loss-after-expiry, without-words' };
  expect(renderer.render(aMessage({ kind: 'refused', facts, locale: 'en' })).text).toContain(
    'the loss happened after the policy had ended.',
  );
});

test('a refusal quotes the policy: the special term, and the clause of the wording in its own language', () => {
  const facts = {
    item: 'item-1',
    clause: 'excluded-cause',
    reason: 'special-term, not-insured-against-hail',
    wording: 'motor-cn-2020',
    term: { policy: 'P-1', version: 2, number: '特3' },
  };
  const of = { kind: 'refused', facts, locale: 'en', termWords: '冰雹造成的损失不赔。' } as const;
  const { text } = renderer.render(aMessage(of));
  for (const quoted of [
    '- 特3: 冰雹造成的损失不赔。',
    '- 第七条: 保险期间内，',
    '- 第三十条: 保险单载明的特别约定',
  ])
    expect(text).toContain(quoted);
  expect(text).toContain('insure what was damaged against this cause: hail');
  const without = { ...facts, wording: 'no-such-wording' };
  expect(renderer.render(aMessage({ kind: 'refused', facts: without, locale: 'en' })).text).not.toContain(
    'Your policy says',
  );
});

test('no value can add a header, a line or markup to a message', () => {
  const { subject, text, html } = renderer.render(
    aMessage({
      kind: 'handler-changed',
      facts: {},
      locale: 'en',
      handler: { name: 'Eve\r\nBcc: a@b.example\n\n## Win <b>now</b>' },
    }),
  );
  expect(subject).not.toMatch(/[\r\n]/);
  expect(text).toContain('Eve Bcc: a@b.example ## Win <b>now</b> has taken over');
  expect(html).toContain('Eve Bcc: a@b.example ## Win &lt;b&gt;now&lt;/b&gt; has taken over');
  expect(html).not.toContain('<b>');
});

test('both parts of an email say the same', () => {
  const { text, html = '' } = renderer.render(
    aMessage({
      kind: 'acknowledgement',
      facts: {
        documents: [{ kind: 'driving-licence' }],
        expected: {
          survey: '2026-11-25T01:00:00.000Z',
          decision: '2026-12-23T01:00:00.000Z',
          payment: '2027-01-02T01:00:00.000Z',
        },
      },
    }),
  );
  const body = html
    .slice(html.indexOf('<div class="text">'))
    .replace(/<li>/g, '')
    .replace(/<[^>]+>/g, '\n')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  expect(wordsIn(body)).toBe(wordsIn(text));
  expect(html).toContain('<html lang="zh-CN">');
  expect(html).toContain('<strong>驾驶证</strong><br>');
});

test('a claim’s number is not broken by a narrow screen', () => {
  expect(renderer.render(aMessage()).html).toContain(
    '<strong><span class="whole">L7K3M-9Q2X4</span></strong>',
  );
});

test('a letter bears the day on which it is written', () => {
  const letter = aMessage({
    kind: 'formal-notice',
    channel: 'letter',
    facts: { documents: [{ kind: 'driving-licence' }] },
    at: '2026-12-29T20:00:00.000Z',
  });
  expect(renderer.render(letter)).toMatchObject({
    subject: '补充索赔资料通知书',
    text: expect.stringContaining('日期：2026年12月30日'),
  });
});

test.each([
  ['a document that one is called about', 'call third-party', '致电三者'],
  ['a check', 'check driving-licence', '审核驾驶证'],
  ['a time limit of the law', 'decision nearly due by law', '法定期限内的核定'],
  ['a comparison', 'compare with LW0P4-Y8E1Q', '与案件LW0P4-Y8E1Q比对'],
  [
    'a message that did not arrive',
    'tell policyholder: paid-1 did not arrive',
    '通知未送达，请联系当事人（policyholder: paid-1）',
  ],
  ['a text after closing', 'answer third-party, who has written', '回复三者的来信'],
  [
    'a text of an unknown telephone',
    'answer telephone-1f: a text from an unknown telephone',
    '回复陌生号码的短信（telephone-1f）',
  ],
  [
    'the same, which names the claim',
    'answer telephone-1f: a text from an unknown telephone, which names this claim',
    '回复陌生号码的短信（telephone-1f），短信中提到本案',
  ],
  [
    'a document after closing',
    'look at repair-invoice, which came after closing',
    '查看结案后收到的维修发票',
  ],
  [
    'mail that came back',
    'look at mail that came back about paid-1 to party-1',
    '查看退回的邮件（paid-1 to party-1）',
  ],
  [
    'a mailbox',
    'correct the mailbox of C-301: mail about work comes back',
    '更正C-301的工作邮箱，发出的邮件被退回',
  ],
  ['an escalation that stalls itself', 'stalled: check driving-licence', '跟进停滞事项“审核驾驶证”'],
  [
    'a problem, in the words that it was raised with',
    'the bank cannot be reached',
    'the bank cannot be reached',
  ],
])('staff read the expectation in words: %s', (_, what, words) => {
  const task = { id: 'task', what, since: '2026-11-20T01:00:00.000Z', rung: 0 };
  const claims = [{ claim: 'L7K3M-9Q2X4', tasks: [task] }];
  expect(renderer.renderWork(aWorkMessage({ claims })).text).toContain(
    `- ${words}，2026年11月20日 09:00起\n`,
  );
});

describe('a mistake is named', () => {
  test('a value that a message lacks, with the template that needs it', () => {
    expect(() => renderer.render(aMessage({ facts: { item: 'item-1' } }))).toThrow(
      /^Template zh-CN\/paid\.email\.liquid: undefined variable: amount, line \d/,
    );
  });

  test('a code that has no word', () => {
    expect(() =>
      renderer.render(aMessage({ kind: 'documents-needed', facts: { documents: [{ kind: 'horoscope' }] } })),
    ).toThrow('Word list documents: there is no "horoscope".');
  });

  test('a message that has no template', () => {
    expect(() => renderer.render(aMessage({ kind: 'formal-notice', channel: 'sms' }))).toThrow(
      'There is no template zh-CN/formal-notice.sms.',
    );
  });

  test('a template that is broken, at the start already', () => {
    expect(() => rendererWith('en/paid.sms.liquid', '{% if item %}')).toThrow(
      /^Template en\/paid\.sms\.liquid: tag \{% if item %\} not closed/,
    );
  });

  test('a word list that lacks something, at the start already', () => {
    expect(() => rendererWith('en/words.json', '{}')).toThrow(/Word list en\/words\.json: brand /);
  });

  test('an email without a subject', () => {
    expect(() => rendererWith('zh-CN/paid.email.liquid', '您好').render(aMessage())).toThrow(
      'Template zh-CN/paid.email.liquid: the first line must be "Subject: …"',
    );
  });

  test.each([
    ['a link', '详情 https://lipei.example/c', 'must have no link in it'],
    ['a bare address', '详情 lipei.example', 'must have no link in it'],
    ['501 characters', '赔'.repeat(501), 'has at most 500 characters, not 501'],
    ['two lines', '您好\n{{ item }}', 'is one line'],
  ])('an SMS with %s, which would be lost on its way', (_, content, mistake) => {
    expect(() => rendererWith('zh-CN/paid.sms.liquid', content).render(aMessage({ channel: 'sms' }))).toThrow(
      `Template zh-CN/paid.sms.liquid: an SMS ${mistake}.`,
    );
  });
});
