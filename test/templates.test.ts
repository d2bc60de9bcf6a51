import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import { createRenderer, templatesFolder, type Message } from '../activities/rendering.ts';
import { readWords, type Words } from '../activities/rendering/words.ts';
import { loadRulePacks } from '../config/rules.ts';
import { notificationChannels, notificationKinds, type NotificationChannel, type NotificationFacts, type NotificationKind } from '../domain/notifications.ts';
import { partyKinds, partyRoles } from '../domain/people.ts';
import { itemSteps } from '../domain/road.ts';
import type { RulePack } from '../domain/rules.ts';
import { segmentsOf } from '../activities/rendering/segments.ts';

const languages = readdirSync(templatesFolder).filter((name) => existsSync(join(templatesFolder, name, 'words.json')));
const wordsOf = (language: string): Words => readWords(join(templatesFolder, language, 'words.json'), language);
const packs: RulePack[] = readdirSync(join(templatesFolder, '..', 'config', 'rules')).flatMap(loadRulePacks);
const renderer = createRenderer(templatesFolder);

const filesIn = (language: string): string[] => readdirSync(join(templatesFolder, language), { recursive: true }).map(String).toSorted();
const codesIn = (words: Words): unknown[] => Object.entries(words).map(([list, entries]) => [list, Object.keys(entries).toSorted()]);

/** Everything that two cars can lack, with what is known about each. */
const documents = [
  { kind: 'driving-licence', reason: 'unreadable' },
  { kind: 'police-determination', notBefore: '2026-12-10T01:00:00.000Z' },
  { kind: 'repair-invoice', item: 'item-1' },
  { kind: 'repair-invoice', item: 'item-2' },
  { kind: 'payee-account', item: 'item-2' },
];
const expected = { survey: '2026-11-25T01:00:00.000Z', decision: '2026-12-23T01:00:00.000Z', payment: '2027-01-02T01:00:00.000Z' };
const stalled = { what: 'repair-invoice', from: 'third-party', since: '2026-11-20T01:00:00.000Z' };

/** The facts that each kind comes with, as `domain/telling.ts`, `chase.ts` and the payee's step give them. */
const factsOf: Record<NotificationKind, NotificationFacts> = {
  acknowledgement: { documents, expected },
  'documents-needed': { documents },
  'documents-reminder': { documents },
  'document-rejected': { documents: [{ kind: 'repair-invoice', item: 'item-2', reason: 'page-missing' }] },
  'surveyor-coming': {},
  'receipt-issued': { item: 'item-1' },
  assessed: { item: 'item-1', amountMinor: 123456789 },
  'payment-approved': { item: 'item-1', amountMinor: 123456789 },
  'payee-account-needed': { item: 'item-2' },
  paid: { item: 'item-1', amountMinor: 123456789 },
  'payment-returned': { item: 'item-1', reason: 'AC04' },
  refused: { item: 'item-1', clause: 'not-in-force', reason: 'loss-after-expiry' },
  withdrawn: { item: 'item-1' },
  'claim-closed': { outcome: 'partly-paid' },
  'handler-changed': {},
  'formal-notice': { documents: [{ kind: 'repair-invoice', item: 'item-2' }] },
  escalation: { stalled },
  'work-waiting': { stalled },
};

/** Every channel that a kind may take: the packs', a rung's own, and letters for a party that has neither telephone nor email. */
function channelsOf(kind: NotificationKind): NotificationChannel[] {
  const rungs = packs.flatMap(({ ladders }) => Object.values(ladders).flat().flatMap(({ by }) => by ?? []));
  const own: NotificationChannel[] = kind === 'documents-reminder' ? [...rungs, 'sms', 'email', 'letter'] : kind === 'formal-notice' ? ['letter'] : [];
  return [...new Set([...packs.flatMap(({ channels }) => channels[kind]), ...own])];
}

const eachMessage = languages.flatMap((language) => notificationKinds.flatMap((kind) => channelsOf(kind).map((channel) => [`${kind} by ${channel} in ${language}`, language, kind, channel] as const)));
const eachSms = languages.flatMap((language) => notificationKinds.filter((kind) => existsSync(join(templatesFolder, language, `${kind}.sms.liquid`))).map((kind) => [`${kind} in ${language}`, language, kind] as const));

const messageOf = (language: string, kind: NotificationKind, channel: NotificationChannel, change: Partial<Message> = {}): Message => ({
  kind, channel, locale: language, timeZone: 'Asia/Shanghai', facts: factsOf[kind], recipient: { name: 'Wang Haitao' },
  claim: { number: 'L7K3M-9Q2X4', currency: 'CNY', items: [{ id: 'item-1', object: 'insured-vehicle' }, { id: 'item-2', object: 'third-party-vehicle' }] }, ...change,
});

test('there are templates in Chinese and in English, and neither language lacks one that the other has', () => {
  expect(languages).toEqual(['en', 'zh-CN']);
  expect(filesIn('en')).toEqual(filesIn('zh-CN'));
});

test.each(eachMessage)('%s is written, with nothing left unfilled', (_, language, kind, channel) => {
  const { template, subject, text, html } = renderer.render(messageOf(language, kind, channel));
  expect(template).toBe(`${language}/${kind}.${channel}`);
  for (const part of [subject, text, html]) expect(part ?? '').not.toMatch(/\{\{|\{%|undefined|null|NaN|\[object|\*\*|^## /m);
  expect(Boolean(subject)).toBe(channel !== 'sms');
  expect(Boolean(html)).toBe(channel === 'email');
});

test.each(eachMessage)('%s needs nobody’s name and no handler', (_, language, kind, channel) => {
  expect(renderer.render(messageOf(language, kind, channel, { recipient: {} })).text.length).toBeGreaterThan(40);
});

test.each(eachMessage.filter(([, , kind]) => factsOf[kind].documents ?? factsOf[kind].reason))('%s needs no reason and no day before which nothing exists', (_, language, kind, channel) => {
  const facts = { ...factsOf[kind], reason: undefined, documents: factsOf[kind].documents?.map(({ kind: document, item }) => ({ kind: document, item })) };
  expect(renderer.render(messageOf(language, kind, channel, { facts })).text.length).toBeGreaterThan(40);
});

test.each(eachMessage.filter(([, , kind]) => factsOf[kind].documents))('%s names every document that it is about', (_, language, kind, channel) => {
  const { text } = renderer.render(messageOf(language, kind, channel));
  const { documents: names, objects } = wordsOf(language);
  for (const document of factsOf[kind].documents ?? []) {
    expect(text.toLowerCase()).toContain(names[document.kind]?.name);
    if (document.item) expect(text).toContain(objects[document.item === 'item-1' ? 'insured-vehicle' : 'third-party-vehicle']);
    if (channel !== 'sms') expect(text).toContain(names[document.kind]?.guidance);
  }
});

test.each(languages)('the acknowledgement in %s gives number, steps, documents with substitutes, dates, and whom to call (S27, S39)', (language) => {
  const { text, html } = renderer.render(messageOf(language, 'acknowledgement', 'email'));
  const { brand, documents: names } = wordsOf(language);
  const day = (instant: string) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'Asia/Shanghai' }).format(Date.parse(instant));
  const told = ['L7K3M-9Q2X4', brand.hotline, day(expected.survey), day(expected.decision), day(expected.payment), day('2026-12-10T01:00:00.000Z'), names['self-negotiated-agreement']?.name, names['accident-certificate']?.name];
  for (const fact of told) expect([text, html]).toEqual([expect.stringContaining(fact ?? '?'), expect.stringContaining(fact ?? '?')]);
  expect(text.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ']);
});

test.each(languages)('the acknowledgement in %s of a loss that nobody looks at says no word of a survey, and counts its steps from one', (language) => {
  const facts = { ...factsOf.acknowledgement, expected: { decision: expected.decision, payment: expected.payment } };
  const { text } = renderer.render(messageOf(language, 'acknowledgement', 'email', { facts }));
  expect(text.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ']);
  expect(text).not.toMatch(/survey|查勘/i);
});

test.each(eachSms)('the SMS %s fits four segments and names the claim by its tail alone, without name, amount or link', (_, language, kind) => {
  const { text } = renderer.render(messageOf(language, kind, 'sms'));
  expect([...text].length).toBeLessThanOrEqual(500);
  expect(segmentsOf(text).count).toBeLessThanOrEqual(4);
  expect(text).toContain('9Q2X4');
  expect(text).toContain(wordsOf(language).brand.name);
  expect(text).not.toMatch(/L7K3M|Wang|1,?234,?567|https?:|www\.|@/);
});

test.each(eachSms.filter(([, language]) => language === 'en'))('the SMS %s has only letters of the short alphabet, which cost half', (_, language, kind) => {
  const { text } = renderer.render(messageOf(language, kind, 'sms'));
  expect(segmentsOf(text).count).toBe(text.length <= 160 ? 1 : Math.ceil(text.length / 153));
});

/** As many items as a notice of loss may have. */
const manyCars = Array.from({ length: 20 }, (_, index) => ({ id: `item-${index + 1}`, object: index === 0 ? 'insured-vehicle' : 'third-party-vehicle' }));
const invoices = manyCars.toReversed().map(({ id }) => ({ kind: 'repair-invoice', item: id }));

test.each(eachSms.filter(([, , kind]) => factsOf[kind].documents && kind !== 'document-rejected'))('the SMS %s stays within what networks take when twenty cars lack everything', (_, language, kind) => {
  for (const all of [[...documents.slice(0, 2), ...invoices], invoices]) {
    const { text } = renderer.render(messageOf(language, kind, 'sms', { facts: { ...factsOf[kind], documents: all }, claim: { number: 'L7K3M-9Q2X4', currency: 'CNY', items: manyCars } }));
    expect(segmentsOf(text).count).toBeLessThanOrEqual(4);
    expect(text).toContain(String(all.length));
  }
});

/** What `activities/rendering/view.ts` offers, and the names that loops give. */
const known = [
  'brand', 'brand.name', 'brand.hotline', 'brand.email', 'claim', 'claim.number', 'claim.tail', 'recipient.name', 'contact.name', 'contact.phone', 'date', 'item', 'amount', 'nothingPayable',
  'documents', 'documents.size', 'document.name', 'document.guidance', 'document.notBefore', 'document.substitutes', 'document.reasons', 'anythingToSend', 'expected.survey', 'expected.decision', 'expected.payment',
  'stalled.what', 'stalled.from', 'stalled.since', 'reasons', 'clause', 'outcome', 'subject', 'body', 'forloop.last',
];

const mentioned = (language: string, file: string): string[] => {
  const folder = join(templatesFolder, language);
  const liquid = new Liquid({ root: folder, partials: join(folder, 'parts'), extname: '.liquid' });
  return liquid.fullVariablesSync(liquid.parseFileSync(file));
};

test.each(languages)('no template in %s mentions what does not exist, not even to ask whether it is there', (language) => {
  const files = filesIn(language).filter((file) => file.endsWith('.liquid'));
  expect(files.flatMap((file) => mentioned(language, file).filter((name) => !known.includes(name)).map((name) => `${file}: ${name}`))).toEqual([]);
});

/** Where a fact shows up. */
const places: Record<keyof NotificationFacts, string[]> = {
  item: ['item'], amountMinor: ['amount'], documents: ['documents', 'document.name'], expected: ['expected.survey', 'expected.decision', 'expected.payment'],
  stalled: ['stalled.what', 'stalled.from', 'stalled.since'], reason: ['reasons'], clause: ['clause'], outcome: ['outcome'],
};
const isFact = (name: string): name is keyof NotificationFacts => name in places;

test.each(languages.flatMap((language) => notificationKinds.map((kind) => [kind, language] as const)))('of what %s in %s is told, every fact stands in one of its templates', (kind, language) => {
  const files = notificationChannels.map((channel) => `${kind}.${channel}.liquid`).filter((file) => existsSync(join(templatesFolder, language, file)));
  const said = new Set(files.flatMap((file) => mentioned(language, file)));
  const due = Object.keys(factsOf[kind]).filter(isFact).flatMap((fact) => places[fact]);
  expect(due.filter((place) => !said.has(place))).toEqual([]);
});

describe.each(languages)('the word list of %s', (language) => {
  const words = wordsOf(language);

  test('has a word for whatever rule packs name', () => {
    const kinds = packs.flatMap((pack) => pack.documents.flatMap(({ kind, substitutes }) => [kind, ...substitutes]));
    expect(Object.keys(words.documents)).toEqual(expect.arrayContaining([...kinds, 'payee-account']));
    expect(Object.keys(words.objects)).toEqual(expect.arrayContaining(packs.flatMap(({ objects }) => Object.keys(objects))));
    expect(Object.keys(words.clauses)).toEqual(expect.arrayContaining(packs.flatMap(({ refusalClauses }) => refusalClauses)));
    expect(Object.keys(words.parties)).toEqual(expect.arrayContaining([...partyKinds, ...partyRoles]));
    const steps: string[] = itemSteps.filter((step) => ['assess', 'verify', 'review', 'confirm'].includes(step));
    expect(Object.keys(words.tasks)).toEqual(expect.arrayContaining(['survey', ...steps]));
  });

  test('offers the substitutes that the rules accept, and no others', () => {
    const rules = packs.flatMap((pack) => pack.documents);
    for (const { kind, substitutes } of rules) expect([kind, words.documents[kind]?.substitutes ?? []]).toEqual([kind, substitutes]);
  });

  test('has the same words as the other languages', () => {
    expect(codesIn(words)).toEqual(codesIn(wordsOf('zh-CN')));
  });
});

test('what is read is what is meant: the Chinese texts use Chinese punctuation', () => {
  const folder = join(templatesFolder, 'zh-CN');
  const files = filesIn('zh-CN').filter((file) => file.endsWith('.liquid'));
  const plain = (file: string): string => readFileSync(join(folder, file), 'utf8').replace(/^Subject:/, '').replace(/\{[{%].*?[}%]\}/gs, '');
  expect(files.filter((file) => /[,;:()!?]/.test(plain(file)))).toEqual([]);
});
