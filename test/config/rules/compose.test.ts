import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { originOf } from '../../../config/rules/compose.ts';
import { projectRoot } from '../../../config/env.ts';
import { houseRules, openRuleBook, type RuleBook } from '../../../config/rules/load.ts';
import { notificationKinds } from '../../../domain/messages/notifications.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const motor = { line: 'motor', jurisdiction: 'CN', pace: 'ordinary' };
const contents = { line: 'contents', jurisdiction: 'US', pace: 'ordinary' };

/** The newest version of each part, as a file of `rules/`: a change of a rule is no news to these tests. */
const { versions } = houseRules.newest(motor);
const linePart = `lines/${versions.line}`;
const placePart = `jurisdictions/${versions.jurisdiction}`;
const [officeLadders = '', ownLadders = ''] = versions.ladders.map((name) => `ladders/${name}`);
const channelsPart = `channels/${versions.channels}`;
const pacePart = `pace/${versions.pace}`;
const next = (part: string): string => part.replace(/\d+$/, (number) => String(Number(number) + 1));

type Json = Record<string, unknown>;

/** The rules of the project, with changes. */
function rulesWith(changes: Record<string, (file: Json) => unknown>): RuleBook {
  const folder = temporaryDirectory();
  cpSync(join(projectRoot, 'rules'), folder, { recursive: true });
  for (const [part, change] of Object.entries(changes)) {
    const file = join(folder, `${part}.json`);
    const before: Json = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    const after = change(before);
    writeFileSync(file, typeof after === 'string' ? after : JSON.stringify(after));
  }
  return openRuleBook(folder);
}

const motorLadders = (change: (ladders: Json) => Json) => ({
  [ownLadders]: ({ ladders }: Json) => ({ ladders: change(Object(ladders)) }),
});

test('under every pace each line has its rules, and says by which channels each notification goes', () => {
  for (const each of houseRules.paces()) {
    const packs = houseRules.inForce(each);
    expect(packs.map((pack) => `${pack.line} ${pack.jurisdiction}`)).toEqual(
      houseRules.compositions().map((made) => `${made.line} ${made.jurisdiction}`),
    );
    for (const pack of packs)
      expect(Object.keys(pack.channels).toSorted()).toEqual([...notificationKinds].toSorted());
  }
});

test('every part is of some line', () => {
  const used = houseRules
    .inForce('ordinary')
    .flatMap(({ versions: { line: ofLine, jurisdiction, ladders, channels: how } }) => [
      `lines/${ofLine}`,
      `jurisdictions/${jurisdiction}`,
      ...ladders.map((name) => `ladders/${name}`),
      `channels/${how}`,
    ]);
  const files = ['lines', 'jurisdictions', 'ladders', 'channels'].flatMap((kind) =>
    readdirSync(join(projectRoot, 'rules', kind)).map((file) => `${kind}/${file}`),
  );
  expect(names(files)).toEqual(names(used));
});

const names = (parts: string[]): string[] =>
  [...new Set(parts.map((part) => part.replace(/@.+$/, '')))].toSorted();

test('American claims share with Chinese ones only parts that belong to no country', () => {
  const partsOf = (wanted: typeof motor) =>
    new Set(houseRules.explained(wanted).origins.map(({ part }) => part));
  const shared = [...partsOf(motor)].filter((part) => partsOf(contents).has(part));
  expect(shared).toEqual([officeLadders]);
  expect(houseRules.newest(contents).clocks).toEqual({});
});

test.each([
  ['refusalReasons.fraud', placePart],
  ['ladders.document.0.after', ownLadders],
  ['ladders.bank.1.do', officeLadders],
  ['channels.paid', channelsPart],
  ['automatic.payUpToMinor', linePart],
])('%s comes from %s', (path, part) => {
  expect(originOf(path, houseRules.explained(motor).origins)).toEqual({
    path: expect.anything(),
    part,
  });
});

test('what the pace has changed names the part, what it says there, and the pace', () => {
  const { origins } = houseRules.explained({ ...motor, pace: 'demo' });
  expect(originOf('ladders.document.0.after', origins)).toEqual({
    path: 'ladders.document.0.after',
    part: ownLadders,
    was: houseRules.newest(motor).ladders['document']?.[0]?.after,
    pace: `pace/${houseRules.newest({ ...motor, pace: 'demo' }).versions.pace}`,
  });
});

test.each<[string, Record<string, (file: Json) => unknown>, string]>([
  [
    'a rung without a time',
    motorLadders((ladders) => ({ ...ladders, survey: [{ after: 'soon', do: 'remind' }] })),
    `rules/${ownLadders}.json: ladders.survey.0.after must be an ISO 8601 duration such as P3D, ` +
      'or working days such as 10wd.',
  ],
  [
    'a policy that covers something else',
    { [linePart]: (file) => ({ ...file, together: { ...Object(file['together']), policyCovers: 'all' } }) },
    `rules/${linePart}.json: together.policyCovers`,
  ],
  [
    'related claims of which none is listed',
    { [linePart]: (file) => ({ ...file, together: { ...Object(file['together']), atMost: 0 } }) },
    `rules/${linePart}.json: together.atMost`,
  ],
  [
    'an escalation to nobody',
    motorLadders((ladders) => ({ ...ladders, survey: [{ after: 'P1D', do: 'escalate' }] })),
    `rules/${ownLadders}.json: ladders.survey.0 escalates, so it must have a role (to).`,
  ],
  [
    'a ladder without rungs',
    motorLadders((ladders) => ({ ...ladders, survey: [] })),
    `rules/${ownLadders}.json: ladders.survey must have at least one rung.`,
  ],
  [
    'a ladder that the process climbs and nobody has',
    motorLadders((ladders) => ({ ...ladders, survey: undefined })),
    `rules/${ownLadders}.json: ladders.survey is missing in ${officeLadders}, ${ownLadders}; ` +
      'the process climbs it.',
  ],
  [
    'a ladder for clocks that nobody has',
    {
      [officeLadders]: ({ ladders }) => {
        const { clock: _, ...rest } = Object(ladders);
        return { ladders: rest };
      },
    },
    `rules/${ownLadders}.json: ladders.clock is missing in ${officeLadders}, ${ownLadders}; ` +
      'the process climbs it.',
  ],
  [
    'a ladder that stands in two parts',
    motorLadders((ladders) => ({ ...ladders, bank: [{ after: 'P1D', do: 'inquire' }] })),
    `rules/${ownLadders}.json: ladders.bank stands in ${officeLadders} too.`,
  ],
  [
    'a document on a ladder that is not there',
    {
      [linePart]: ({ documents, ...line }) => ({
        ...line,
        documents: Object.values(Object(documents)).map((each) => ({ ...Object(each), ladder: 'papers' })),
      }),
    },
    `rules/${linePart}.json: documents.0.ladder "papers" stands in none of ${officeLadders}, ${ownLadders}.`,
  ],
  [
    'amounts in another currency than the place has',
    { [linePart]: (line) => ({ ...line, currency: 'USD' }) },
    `rules/${linePart}.json: currency is USD, and claims of ${placePart} are in CNY.`,
  ],
  [
    'bands of approval that end somewhere',
    { [linePart]: (line) => ({ ...line, review: [{ upToMinor: 100, approvals: 1 }] }) },
    `rules/${linePart}.json: review must end with one band without upToMinor, ` +
      'so that every amount has its approvals.',
  ],
  [
    'a clock without its article',
    {
      [placePart]: (place) => ({
        ...place,
        clocks: { decision: { within: 'P30D', warnAfter: 'P23D' } },
      }),
    },
    `rules/${placePart}.json: clocks.decision.article Invalid input: expected string, received undefined.`,
  ],
  [
    'a notification without channels',
    {
      [channelsPart]: ({ channels, ...rest }) => {
        const { paid: _, ...others } = Object(channels);
        return { ...rest, channels: others };
      },
    },
    `rules/${channelsPart}.json: channels.paid Invalid input: expected array, received undefined.`,
  ],
  [
    'a pace for a ladder that no line has',
    {
      [pacePart]: (pace) => ({
        ...pace,
        scales: [{ aDayIs: 'PT1S', of: ['ladders.documnt'], because: 'a slip' }],
      }),
    },
    `rules/${pacePart}.json: scales names ladders.documnt, and no line has that ladder.`,
  ],
  [
    'a value that two scales of a pace name',
    {
      [pacePart]: (pace) => ({
        ...pace,
        scales: [1, 2].map((seconds) => ({ aDayIs: `PT${seconds}S`, of: ['clocks'], because: 'a test' })),
      }),
    },
    `rules/${pacePart}.json: scales names clocks twice.`,
  ],
  ['a file that is no JSON', { [pacePart]: () => '{' }, `rules/${pacePart}.json: it cannot be read: `],
  [
    'a composition of parts that are not there',
    {
      compositions: () => [
        { line: 'motor', jurisdiction: 'CN', ladders: ['ordinary', 'lorry'], channels: 'text-and-email' },
      ],
    },
    'rules/ladders/lorry@1.json: it cannot be read: ',
  ],
  [
    'no line at all',
    { compositions: () => [] },
    'rules/compositions.json: the file must have at least one line.',
  ],
])('%s fails at start, with the file and the place of the mistake', (_, changes, sentence) => {
  expect(() => rulesWith(changes).inForce('ordinary')).toThrow(sentence);
});

test('a new version of a ladder reaches new claims; a claim that recorded the older one keeps it', () => {
  const before = houseRules.newest(motor);
  const book = rulesWith({
    [next(ownLadders)]: () => {
      const { ladders } = fileOf(ownLadders);
      return { ladders: { ...ladders, survey: [{ after: 'P5D', do: 'escalate', to: 'manager' }] } };
    },
  });
  expect(book.newest(motor)).toMatchObject({
    versions: { ladders: [versions.ladders[0], next(versions.ladders[1] ?? '')] },
    ladders: { survey: [{ after: 'P5D' }] },
  });
  expect(book.recorded(before.versions)).toEqual(before);
  expect(book.newest(contents)).toEqual(houseRules.newest(contents));
});

test('a line in a second country has a part of its own, found by the name of the line', () => {
  const book = rulesWith({
    'lines/motor-us@1': () => ({ ...lineMotor, currency: 'USD' }),
    compositions: (file) => [
      ...Object.values(file),
      { line: 'motor-us', jurisdiction: 'US', ladders: ['ordinary', 'motor'], channels: 'mostly-email' },
    ],
  });
  expect(book.newest({ ...motor, jurisdiction: 'US' })).toMatchObject({
    line: 'motor',
    jurisdiction: 'US',
    currency: 'USD',
    versions: { line: 'motor-us@1' },
  });
  expect(book.newest(motor)).toEqual(houseRules.newest(motor));
});

test('version 1010 is newer than version 1009', () => {
  const book = rulesWith(
    Object.fromEntries(
      [1009, 1010].map((version) => [
        `jurisdictions/US@${version}`,
        () => ({ ...jurisdictionOfUS, caps: { smsADay: version, hoursBetweenChases: 48 } }),
      ]),
    ),
  );
  expect(book.newest(contents).caps.smsADay).toBe(1010);
});

const fileOf = (part: string) => JSON.parse(readFileSync(join(projectRoot, 'rules', `${part}.json`), 'utf8'));
const jurisdictionOfUS = fileOf(`jurisdictions/${houseRules.newest(contents).versions.jurisdiction}`);
const lineMotor = fileOf(linePart);

test.each([
  [{ ...motor, line: 'motr' }, 'There are no rules for motr in CN; there are rules for motor in CN, '],
  [{ ...motor, jurisdiction: 'XX' }, 'There are no rules for motor in XX; there are rules for motor in CN, '],
  [{ ...motor, pace: 'speedy' }, 'There is no pace "speedy"; there are any-hour, demo, ordinary.'],
])('who mistypes %j reads which there are', (wanted, sentence) => {
  expect(() => houseRules.newest(wanted)).toThrow(sentence);
});
