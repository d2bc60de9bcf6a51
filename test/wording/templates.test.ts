import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRenderer, templatesFolder } from '../../wording/renderer/renderer.ts';
import type { Message } from '../../wording/renderer/message.ts';
import { readTemplate } from '../../wording/renderer/template-file.ts';
import { readWords, type Words } from '../../wording/renderer/words.ts';
import { channelsOf, rulePacks } from '../../wording/check/channels.ts';
import { checkTemplates, templatesOf } from '../../wording/check/check.ts';
import { sampleFacts } from '../../wording/preview/sample-facts.ts';
import { sampleMessage, sampleMessages } from '../../wording/preview/sample-messages.ts';
import { notificationKinds, type NotificationKind } from '../../domain/messages/notifications.ts';

const { languages: read } = templatesOf(templatesFolder);
const languages = read.map(({ tag }) => tag);
const wordsOf = (language: string): Words =>
  readWords(join(templatesFolder, language, 'words.json'), language);
const packs = rulePacks();
const renderer = createRenderer(templatesFolder);

const eachMessage = languages.flatMap((language) =>
  notificationKinds.flatMap((kind) =>
    channelsOf(kind, packs).map(
      (channel) => [`${kind} by ${channel} in ${language}`, language, kind, channel] as const,
    ),
  ),
);

const nextSteps: Record<string, string> = { en: '## What happens next', 'zh-CN': '## 接下来' };

const rendered = (language: string, kind: NotificationKind, change: Partial<Message> = {}) =>
  renderer.render({ ...sampleMessage(kind, 'email', language), handler: undefined, ...change });

test('the templates have no mistake that `bin/lipei templates check` knows', () => {
  expect(checkTemplates(templatesFolder)).toEqual({
    languages: ['en', 'zh-CN'],
    messages: expect.any(Number),
    mistakes: [],
  });
});

test.each(eachMessage)('%s has what its channel needs', (_, language, kind, channel) => {
  const { template, subject, html } = renderer.render(sampleMessage(kind, channel, language));
  expect(template).toBe(`${language}/${kind}.${channel}`);
  expect(Boolean(subject)).toBe(channel !== 'sms');
  expect(Boolean(html)).toBe(channel === 'email');
});

test.each(eachMessage.filter(([, , kind]) => sampleFacts[kind].documents))(
  '%s names every document that is owed, or that it is about',
  (_, language, kind, channel) => {
    const { text } = renderer.render(sampleMessage(kind, channel, language));
    const { documents: names, objects } = wordsOf(language);
    const { documents, missing } = sampleFacts[kind];
    for (const document of missing ?? documents ?? []) {
      expect(text.toLowerCase()).toContain(names[document.kind]?.name);
      if (document.item)
        expect(text).toContain(
          objects[document.item === 'item-1' ? 'insured-vehicle' : 'third-party-vehicle'],
        );
      if (channel !== 'sms' && kind !== 'receipt-issued')
        expect(text).toContain(names[document.kind]?.guidance);
    }
  },
);

test.each(
  languages.flatMap((language) =>
    (['acknowledgement', 'documents-needed', 'documents-reminder'] as const).map(
      (kind) => [kind, language] as const,
    ),
  ),
)(
  '%s by SMS in %s gives source and substitutes of one document, and of several the contact (S39)',
  (kind, language) => {
    const { documents: names } = wordsOf(language);
    const notified = (...kinds: string[]) =>
      renderer
        .render({
          ...sampleMessage(kind, 'sms', language),
          facts: { ...sampleFacts[kind], documents: kinds.map((each) => ({ kind: each })) },
        })
        .text.toLowerCase();
    for (const words of [
      names['police-determination']?.hint,
      names['self-negotiated-agreement']?.name,
      names['accident-certificate']?.name,
    ])
      expect(notified('police-determination')).toContain(words);
    expect(notified('police-determination', 'driving-licence')).toMatch(
      language === 'en'
        ? /where to get each, what else will do, where to send it: call 0535-850-0001/
        : /到哪里取得、可以用什么代替、发送到哪个邮箱，请致电0535-850-0001/,
    );
  },
);

test.each(languages)(
  'all emails about one claim in %s share a subject stem, so that mail programs group them',
  (language) => {
    const stems = notificationKinds
      .filter((kind) => kind !== 'formal-notice')
      .map(
        (kind) => renderer.render(sampleMessage(kind, 'email', language)).subject?.split('L7K3M-9Q2X4')[0],
      );
    expect([...new Set(stems)]).toEqual([language === 'en' ? 'Claim ' : '【礼培保险】案件 ']);
  },
);

test.each(languages)(
  'in %s law and hotlines are the jurisdiction’s; only the policy’s own parties get the time to sue',
  (language) => {
    const notified = (
      kind: NotificationKind,
      channel: 'email' | 'letter',
      jurisdiction: string,
      isInsured?: true,
    ) => {
      const usual = sampleMessage(kind, channel, language);
      return renderer.render({
        ...usual,
        handler: undefined,
        claim: { ...usual.claim, jurisdiction },
        facts: { ...usual.facts, isInsured },
      }).text;
    };
    for (const kind of ['refused', 'nothing-payable'] as const) {
      expect(notified(kind, 'email', 'CN')).toMatch(/400-000-0100[^]*12378/);
      expect(notified(kind, 'email', 'US')).not.toMatch(/12378|400-000/);
      expect(notified(kind, 'email', 'US')).toMatch(/800-555-0100[^]*(department of insurance|保险监管部门)/);
    }
    expect(notified('formal-notice', 'letter', 'CN', true)).toMatch(
      /article 22[^]*article 26|第二十二条[^]*第二十六条/,
    );
    expect(notified('formal-notice', 'letter', 'CN')).not.toMatch(/article 26|第二十六条/);
    expect(notified('formal-notice', 'letter', 'US', true)).not.toMatch(/article|保险法/);
  },
);

test.each(languages)(
  'an SMS in %s about more documents than it can list says how many there are',
  (language) => {
    for (const message of sampleMessages('documents-reminder', 'sms', language).filter(
      ({ claim }) => claim.items.length > 2,
    ))
      expect(renderer.render(message).text).toContain(String(message.facts.documents?.length));
  },
);

test.each(languages)(
  'the acknowledgement in %s gives number, steps, documents, substitutes, dates, contact (S27, S39)',
  (language) => {
    const { text, html } = rendered(language, 'acknowledgement');
    const { brand, documents: names } = wordsOf(language);
    const { survey = '', decision = '', payment = '' } = sampleFacts.acknowledgement.expected ?? {};
    const day = (instant: string) =>
      new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'Asia/Shanghai' }).format(
        Date.parse(instant),
      );
    const notified = [
      'L7K3M-9Q2X4',
      brand.hotline,
      day(survey),
      day(decision),
      day(payment),
      day(sampleFacts.acknowledgement.documents?.find(({ notBefore }) => notBefore)?.notBefore ?? ''),
      names['self-negotiated-agreement']?.name,
      names['accident-certificate']?.name,
    ];
    for (const fact of notified)
      expect([text, html]).toEqual([
        expect.stringContaining(fact ?? '?'),
        expect.stringContaining(fact ?? '?'),
      ]);
    expect(text.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ']);
  },
);

test.each(languages)(
  'the acknowledgement in %s of a loss without a survey mentions none, and numbers its steps from one',
  (language) => {
    const { text } = rendered(language, 'acknowledgement', {
      facts: {
        ...sampleFacts.acknowledgement,
        expected: { decision: '2026-09-22T01:00:00.000Z', payment: '2026-09-30T01:00:00.000Z' },
      },
    });
    expect(text.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ']);
    expect(text).not.toMatch(/survey|查勘/i);
  },
);

test.each([
  [1, 'Claim L7K3M-9Q2X4: 1 document still missing', 'still lacks the following document:'],
  [2, 'Claim L7K3M-9Q2X4: 2 documents still missing', 'still lacks the following 2 documents:'],
])('%d missing in English', (count, subject, sentence) => {
  const documents = ['driving-licence', 'police-determination'].slice(0, count).map((kind) => ({ kind }));
  const notified = rendered('en', 'documents-reminder', { facts: { documents } });
  expect(notified.subject).toContain(subject);
  expect(notified.text).toContain(sentence);
});

test.each(languages)('every email to a customer in %s names the next step', (language) => {
  const files = notificationKinds
    .map((kind) => `${kind}.email.liquid`)
    .filter((file) => existsSync(join(templatesFolder, language, file)));
  expect(
    files.filter(
      (file) =>
        !readFileSync(join(templatesFolder, language, file), 'utf8').includes(nextSteps[language] ?? '?'),
    ),
  ).toEqual([]);
});

/** The text of a template between its marks. */
const plain = (language: string, file: string): string =>
  readTemplate(join(templatesFolder, language), language, file)
    .text.replace(/^Subject:/m, '')
    .replace(/\{[{%].*?[}%]\}/gs, '');

test('what is read is what is meant: the Chinese texts use Chinese punctuation', () => {
  const files = read.find(({ tag }) => tag === 'zh-CN')?.files ?? [];
  expect(files.filter((file) => /[,;:()!?]/.test(plain('zh-CN', file)))).toEqual([]);
});
