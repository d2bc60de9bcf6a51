import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  readAnchors,
  writeAnchor,
  type Anchored,
  type ToAnchor,
} from '../../../client/check/anchor-files.ts';
import { anchorKeyIn, anchorKeysIn, makeAnchorKey, type AnchorKey } from '../../../security/anchor-keys.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const hash = (sign: string): string => sign.repeat(64);
const [one, other] = ['L0000-00001', 'L0000-00002'];

/** A folder with the files of three days, the third after a day without one; and the keys. */
function threeDays() {
  const directory = temporaryDirectory();
  const [folder, keys] = [join(directory, 'anchors'), join(directory, 'keys')];
  const file = join(directory, 'private', 'anchor.pem');
  makeAnchorKey(keys, file);
  const key = anchorKeyIn(file);
  let previous: Anchored | undefined;
  const write = (day: string, heads: ToAnchor['heads'], gone: string[] = [], by: AnchorKey = key): void => {
    const now = new Date(`${day}T02:00:00Z`);
    previous = writeAnchor(folder, by, { now, previous, heads, gone, accepted: [] });
  };
  write('2026-11-23', [
    { claim: one, seq: 3, hash: hash('a') },
    { claim: other, seq: 5, hash: hash('b') },
  ]);
  write('2026-11-24', [{ claim: one, seq: 7, hash: hash('c') }]);
  write('2026-11-26', [], [other]);
  const at = (day: string): string => join(folder, `${day}.anchors`);
  const read = (seen?: Anchored) => readAnchors(folder, anchorKeysIn(keys), seen ?? null);
  return { folder, keys, key, write, at, read, last: previous };
}

test('the last head of each claim counts, and a day without a file is named, and no finding', async () => {
  const { read } = threeDays();
  const anchors = await read();
  expect([...anchors.heads]).toEqual([[one, { seq: 7, hash: hash('c') }]]);
  expect(anchors).toMatchObject({
    files: 3,
    findings: [],
    missedDays: ['2026-11-25'],
    last: { date: '2026-11-26' },
  });
});

type Days = ReturnType<typeof threeDays>;

test.each<[string, (days: Days) => unknown, string[]]>([
  [
    'a head that was changed',
    ({ at }) => edit(at('2026-11-24'), (text) => text.replace(' 7 ', ' 6 ')),
    [
      'The file 2026-11-24.anchors was changed: its signature does not fit',
      'The file 2026-11-26.anchors does not continue 2026-11-24.anchors',
    ],
  ],
  [
    'a file without its end',
    ({ at }) => edit(at('2026-11-26'), (text) => text.slice(0, -40)),
    ['The file 2026-11-26.anchors is not whole'],
  ],
  [
    'a file in the middle that was removed',
    ({ at }) => rmSync(at('2026-11-24')),
    ['The file 2026-11-26.anchors does not continue 2026-11-23.anchors: a file between them is missing'],
  ],
  [
    'a first file that was removed',
    ({ at }) => rmSync(at('2026-11-23')),
    ['The file 2026-11-24.anchors continues a file that is not here'],
  ],
  [
    'two files for one day',
    ({ at, folder }) => copyFileSync(at('2026-11-24'), join(folder, '2026-11-24-b.anchors')),
    ['The file 2026-11-24-b.anchors is for 2026-11-24, which has a file of its own name'],
  ],
  [
    'a file under the name of another day',
    ({ at }) => renameSync(at('2026-11-26'), at('2026-11-27')),
    ['The file 2026-11-27.anchors is for 2026-11-26'],
  ],
  [
    'a file that another key signed',
    ({ write, key, folder }) => {
      makeAnchorKey(join(folder, 'elsewhere'), join(folder, 'elsewhere', 'private.pem'));
      write('2026-11-27', [], [], anchorKeyIn(join(folder, 'elsewhere', 'private.pem')));
      return key;
    },
    ['The file 2026-11-27.anchors is signed by'],
  ],
])('%s is named, and what it says counts for nothing', async (_, change, named) => {
  const days = threeDays();
  change(days);
  const { findings } = await days.read();
  expect(findings.map(({ what }) => what)).toEqual(named.map((each) => expect.stringContaining(each)));
});

test('a last file that was removed is missed by the check that has seen it', async () => {
  const { read, at, last } = threeDays();
  expect((await read(last)).findings).toEqual([]);
  rmSync(at('2026-11-26'));
  expect((await read()).findings).toEqual([]);
  expect((await read(last)).findings).toEqual([
    expect.objectContaining({
      kind: 'anchors',
      what: expect.stringContaining('it was removed or exchanged'),
    }),
  ]);
});

test('a day has one file, and a clock that goes back writes none', () => {
  const { write } = threeDays();
  expect(() => write('2026-11-26', [])).toThrow('exists already: each day has one file');
  expect(() => write('2026-11-25', [])).toThrow('set the clock right');
});

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
