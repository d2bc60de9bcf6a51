import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineFor, parsed } from '../activities/rendering/languages.ts';
import { createRenderer, templatesFolder, type Message } from '../activities/rendering.ts';
import { readTemplate } from '../activities/rendering/template-file.ts';
import { readWords, type Words } from '../activities/rendering/words.ts';
import { channelsOf, rulePacks } from '../client/templates/channels.ts';
import { checkTemplates, templatesOf } from '../client/templates/check.ts';
import { sampleFacts } from '../client/templates/sample-facts.ts';
import { sampleMessage, sampleMessages } from '../client/templates/sample-messages.ts';
import { templatesPage } from '../docs/templates-page.ts';
import { notificationChannels, notificationKinds, type NotificationFacts, type NotificationKind } from '../domain/notifications.ts';

const { languages: read } = templatesOf(templatesFolder);
const languages = read.map(({ tag }) => tag);
const wordsOf = (language: string): Words => readWords(join(templatesFolder, language, 'words.json'), language);
const packs = rulePacks();
const renderer = createRenderer(templatesFolder);

const eachMessage = languages.flatMap((language) => notificationKinds.flatMap((kind) => channelsOf(kind, packs).map((channel) => [`${kind} by ${channel} in ${language}`, language, kind, channel] as const)));

const rendered = (language: string, kind: NotificationKind, change: Partial<Message> = {}) => renderer.render({ ...sampleMessage(kind, 'email', language), handler: undefined, ...change });

test('the templates have no mistake that `bin/lipei templates check` knows', () => {
  expect(checkTemplates(templatesFolder)).toEqual({ languages: ['en', 'zh-CN'], messages: expect.any(Number), mistakes: [] });
});

test.each(eachMessage)('%s has what its channel needs', (_, language, kind, channel) => {
  const { template, subject, html } = renderer.render(sampleMessage(kind, channel, language));
  expect(template).toBe(`${language}/${kind}.${channel}`);
  expect(Boolean(subject)).toBe(channel !== 'sms');
  expect(Boolean(html)).toBe(channel === 'email');
});

test.each(eachMessage.filter(([, , kind]) => sampleFacts[kind].documents))('%s names every document that it is about', (_, language, kind, channel) => {
  const { text } = renderer.render(sampleMessage(kind, channel, language));
  const { documents: names, objects } = wordsOf(language);
  for (const document of sampleFacts[kind].documents ?? []) {
    expect(text.toLowerCase()).toContain(names[document.kind]?.name);
    if (document.item) expect(text).toContain(objects[document.item === 'item-1' ? 'insured-vehicle' : 'third-party-vehicle']);
    if (channel !== 'sms' && kind !== 'documents-received') expect(text).toContain(names[document.kind]?.guidance);
  }
});

test.each(languages)('an SMS in %s about more documents than it can list says how many there are', (language) => {
  for (const message of sampleMessages('documents-reminder', 'sms', language).filter(({ claim }) => claim.items.length > 2)) expect(renderer.render(message).text).toContain(String(message.facts.documents?.length));
});

test.each(languages)('the acknowledgement in %s gives number, steps, documents with substitutes, dates, and whom to call (S27, S39)', (language) => {
  const { text, html } = rendered(language, 'acknowledgement');
  const { brand, documents: names } = wordsOf(language);
  const { survey = '', decision = '', payment = '' } = sampleFacts.acknowledgement.expected ?? {};
  const day = (instant: string) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'Asia/Shanghai' }).format(Date.parse(instant));
  const told = ['L7K3M-9Q2X4', brand.hotline, day(survey), day(decision), day(payment), day(sampleFacts.acknowledgement.documents?.find(({ notBefore }) => notBefore)?.notBefore ?? ''), names['self-negotiated-agreement']?.name, names['accident-certificate']?.name];
  for (const fact of told) expect([text, html]).toEqual([expect.stringContaining(fact ?? '?'), expect.stringContaining(fact ?? '?')]);
  expect(text.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ']);
});

test.each(languages)('the acknowledgement in %s of a loss that nobody looks at says no word of a survey, and counts its steps from one', (language) => {
  const { text } = rendered(language, 'acknowledgement', { facts: { ...sampleFacts.acknowledgement, expected: { decision: '2026-09-22T01:00:00.000Z', payment: '2026-09-30T01:00:00.000Z' } } });
  expect(text.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ']);
  expect(text).not.toMatch(/survey|查勘/i);
});

test.each([
  [1, 'Reminder: 1 document still missing', 'still lacks the following document:'],
  [2, 'Reminder: 2 documents still missing', 'still lacks the following 2 documents:'],
])('%d missing in English', (count, subject, sentence) => {
  const documents = ['driving-licence', 'police-determination'].slice(0, count).map((kind) => ({ kind }));
  const told = rendered('en', 'documents-reminder', { facts: { documents } });
  expect(told.subject).toContain(subject);
  expect(told.text).toContain(sentence);
});

const nextSteps: Record<string, string> = { en: '## What happens next', 'zh-CN': '## 接下来' };
const toCustomers = notificationKinds.filter((kind) => kind !== 'escalation' && kind !== 'work-waiting');

test.each(languages)('every email to a customer in %s says what happens next', (language) => {
  const files = toCustomers.map((kind) => `${kind}.email.liquid`).filter((file) => existsSync(join(templatesFolder, language, file)));
  expect(files.filter((file) => !readFileSync(join(templatesFolder, language, file), 'utf8').includes(nextSteps[language] ?? '?'))).toEqual([]);
});

test('templates/README.md says of every message what its template says (npm run docs)', () => {
  const page = readFileSync(join(templatesFolder, 'README.md'), 'utf8');
  expect(page).toBe(templatesPage(page));
});

/** Where a fact shows up. */
const places: Record<keyof NotificationFacts, string[]> = {
  item: ['item'], amountMinor: ['amount'], documents: ['documents', 'document.name'], expected: ['expected.survey', 'expected.decision', 'expected.payment'],
  stalled: ['stalled.what', 'stalled.from', 'stalled.since'], reason: ['reasons'], clause: ['clause'], outcome: ['outcome'], isRepeat: [], account: ['claimed', 'cut.rule', 'cut.amount'], waiting: ['waiting', 'each.what', 'each.from', 'each.since'], nextAt: ['next'],
};
const isFact = (name: string): name is keyof NotificationFacts => name in places;

function mentioned(language: string, file: string): string[] {
  const folder = join(templatesFolder, language);
  const engine = engineFor(folder, language);
  return engine.fullVariablesSync(parsed(engine, folder, language, file));
}

test.each(languages.flatMap((language) => notificationKinds.map((kind) => [kind, language] as const)))('of what %s in %s is told, every fact stands in one of its templates', (kind, language) => {
  const files = notificationChannels.map((channel) => `${kind}.${channel}.liquid`).filter((file) => existsSync(join(templatesFolder, language, file)));
  const said = new Set(files.flatMap((file) => mentioned(language, file)));
  const due = Object.keys(sampleFacts[kind]).filter(isFact).flatMap((fact) => places[fact]);
  expect(due.filter((place) => !said.has(place))).toEqual([]);
});

/** What stands in a template between its marks. */
const plain = (language: string, file: string): string => readTemplate(join(templatesFolder, language), language, file).text.replace(/^Subject:/m, '').replace(/\{[{%].*?[}%]\}/gs, '');

test('what is read is what is meant: the Chinese texts use Chinese punctuation', () => {
  const files = read.find(({ tag }) => tag === 'zh-CN')?.files ?? [];
  expect(files.filter((file) => /[,;:()!?]/.test(plain('zh-CN', file)))).toEqual([]);
});
