import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contactOf } from '../../records/parties/parties.ts';
import { apiAt, type Api } from '../../client/own-api/api.ts';
import { projectRoot } from '../../config/env.ts';
import { readImportMap } from '../../config/import-map.ts';
import { readNotice } from '../../config/notice/read.ts';
import {
  claimFields,
  columnFields,
  correctableFields,
  partyFieldNames,
  partyFields,
  picked,
  removableFields,
  requiredFields,
  sealedFields,
  shownFields,
} from '../../domain/people/party-fields.ts';
import { program } from '../../client/cli/program.ts';
import { lipei } from '../support/lipei.ts';
import { aNotice } from '../support/notices.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { testKeyring } from '../support/test-keyring.ts';
import { openOffice, type Office } from './api/office.ts';

/** A value of each field, of those that the table gives. */
const examples = (which: 0 | 1): Record<string, string> =>
  Object.fromEntries(partyFieldNames.map((name) => [name, partyFields[name].examples[which]]));
const [first, second] = [examples(0), examples(1)];
const party: Record<string, string> = { role: 'policyholder', ...first };
const item = { object: 'insured-vehicle', party: 'policyholder', claimed: '2000.00' };
const noticeWith = (parties: object[]): object => ({ ...aNotice(), parties, items: [item] });
const read = (of: object) => readNotice(noticeWith([of]), { now: new Date().toISOString() });

test('the table has fields of each sort, or the tests below would show nothing', () => {
  for (const names of [
    sealedFields,
    columnFields,
    claimFields,
    requiredFields,
    shownFields,
    correctableFields,
  ])
    expect(names.length).toBeGreaterThan(0);
  expect([...sealedFields, ...columnFields, ...claimFields].toSorted()).toEqual(partyFieldNames.toSorted());
});

test.each(partyFieldNames)('%s: a notice may say it, and the reader keeps it', (name) => {
  expect(read(party)).toMatchObject({ kind: 'read', notice: { parties: [{ [name]: first[name] }] } });
  const { [name]: _, ...without } = party;
  const isNeeded = requiredFields.some((each) => each === name);
  expect(read(without)).toMatchObject({ kind: isNeeded ? 'malformed' : 'read' });
});

test('a mapping of an import may give each of them, and the page about imports names them', () => {
  const mapped = Object.fromEntries(partyFieldNames.map((name) => [name, `{${name}}`]));
  const map = readImportMap(
    JSON.stringify({
      for: 'claims',
      source: 'a-test',
      dates: { zone: 'Asia/Shanghai' },
      notice: {
        policy: '{p}',
        lossAt: '{l}',
        place: '{w}',
        description: '{d}',
        parties: [{ role: 'policyholder', ...mapped }],
        items: [item],
      },
    }),
    'a test',
  );
  expect(map.notice.parties).toEqual([{ role: 'policyholder', ...mapped }]);
  expect(readFileSync(join(projectRoot, 'docs', 'import.md'), 'utf8')).toContain(
    `\`parties\` (${['id', 'role', ...partyFieldNames].map((name) => `\`${name}\``).join(', ')})`,
  );
});

test('the command line has an option for each that can be put right', () => {
  const contact = program().commands.find((each) => each.name() === 'correct-contact');
  expect(contact?.options.map((option) => option.attributeName())).toEqual([...correctableFields, 'remove']);
});

describe('on its way from the notice to people', () => {
  let office: Office;
  let api: Api;
  let claim: string;

  beforeAll(async () => {
    office = await openOffice();
    const token = await office.token('C-301');
    api = apiAt(() => ({ url: office.api, token }));
    claim = (await api.file(noticeWith([party]))).claim;
  });
  afterAll(() => office.close());

  const kept = () => contactOf(office.database, testKeyring(), claim, 'party-1');
  const shown = async () => (await api.claim(claim)).parties[0];

  test('each is kept where the table says, and no other place has it', async () => {
    expect(await kept()).toEqual(picked(first, [...sealedFields, ...columnFields]));
    expect(await shown()).toMatchObject(picked(first, claimFields));
    const state = await office.database.claim.findUniqueOrThrow({ where: { number: claim } });
    for (const name of sealedFields) expect(JSON.stringify(state.state)).not.toContain(first[name]);
  });

  test('those who may look see exactly what is shown', async () => {
    expect(await api.contactOf(claim, 'party-1', 'customer-called')).toEqual(picked(first, shownFields));
  });

  test('a correction by the command line shows at the next look, and a removed field is gone', async () => {
    const right: Record<string, string> = picked(second, correctableFields);
    const flags = Object.entries(right).flatMap(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]);
    const env = { LIPEI_TOKEN: await office.token('C-301'), LIPEI_DATA: temporaryDirectory() };
    const typed = await lipei(['correct-contact', claim, 'party-1', ...flags, '--api', office.api], {
      env,
    });
    expect(typed).toMatchObject({ exitCode: 0, err: '' });
    expect(await kept()).toEqual({
      ...picked(first, [...sealedFields, ...columnFields]),
      ...picked(right, [...sealedFields, ...columnFields]),
    });
    expect(await shown()).toMatchObject(picked(right, claimFields));

    for (const name of removableFields)
      expect(
        await lipei(['correct-contact', claim, 'party-1', '--remove', name, '--api', office.api], { env }),
      ).toMatchObject({ exitCode: 0, err: '' });
    for (const name of removableFields) expect(await kept()).not.toHaveProperty(name);
  });
});
