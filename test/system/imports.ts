import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config/env.ts';
import { claimNumber } from '../../domain/ids.ts';
import { sampleNames } from '../../local/samples.ts';
import { eventually, type LocalStack } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { z } from 'zod';

const header =
  'Airport.Code,Airport.Name,Airline.Name,Claim.Type,Claim.Site,Item,Claim.Amount,Status,Close.Amount';
const good =
  'ABQ,Albuquerque International Sunport Airport,UAL,Passenger Property Loss,Checked Baggage,Other,149,Settled,74.5';
const map = join(projectRoot, 'samples', 'imports', 'tsa-claims.map.json');
const listed = z.array(
  z.looseObject({
    claim: z.string(),
    line: z.string(),
    waitingOn: z.array(z.looseObject({ from: z.string(), what: z.string() })),
  }),
);

/** Claims that come as files. */
export function imports(stack: () => LocalStack): void {
  const directory = temporaryDirectory();
  const file = join(directory, 'claims.csv');
  const imported = (...options: string[]) =>
    stack().types('claims', 'import', file, '--map', map, '--out', directory, '--json', ...options);
  const samples = sampleNames().map((name) => claimNumber('samples', name));
  const contents = async () =>
    listed
      .parse(await stack().asks('claims', 'list'))
      .filter(({ line, claim }) => line === 'contents' && !samples.some((sample) => sample === claim));

  test('a file is filed once, row by row; a bad row is reported and stops no other', async () => {
    // The same row twice is two claims; an amount that is none, and one that is more than any claim may be,
    // are none.
    writeFileSync(
      file,
      [
        header,
        good,
        good,
        good.replace('149', 'a lot'),
        good.replace('149', '99999999999999'),
        good.replace('Other', '"Cameras, and\nlenses"').replace('149', '2500'),
      ].join('\n'),
    );
    const first = await imported();
    expect(JSON.parse(first.out)).toMatchObject({ rows: 5, filed: 3, alreadyFiled: 0, rejected: 2 });
    const again = await imported();
    expect(JSON.parse(again.out)).toMatchObject({ rows: 5, filed: 0, alreadyFiled: 3, rejected: 2 });
    const rejects = readFileSync(join(directory, 'claims.csv.rejects.csv'), 'utf8').trim().split('\n');
    expect(rejects).toHaveLength(3);
    expect(rejects).toEqual(
      expect.arrayContaining([
        expect.stringContaining('4,Claim.Amount,'),
        expect.stringMatching(/^5,Claim\.Amount,.*USD/),
      ]),
    );
  });

  test('each is open and waits for somebody; nobody goes to look at a lost bag', async () => {
    const claims = await eventually(
      'three claims that wait',
      contents,
      (all) => all.length === 3 && all.every(({ waitingOn }) => waitingOn.length > 0),
    );
    expect(
      claims.map(({ waitingOn }) => waitingOn.map(({ from, what }) => `${what} from ${from}`).toSorted()),
    ).toEqual(
      expect.arrayContaining([
        ['damage-photo from customer'],
        ['damage-photo from customer'],
        ['damage-photo from customer', 'proof-of-ownership from customer'],
      ]),
    );
  });

  test('a wrong mapping or file stops before anything is filed, and a dry run files nothing', async () => {
    const before = await contents();
    const wrong = join(directory, 'wrong.json');
    writeFileSync(wrong, readFileSync(map, 'utf8').replace('{Item}', '{Thing}'));
    expect(await stack().types('claims', 'import', file, '--map', wrong)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('names the column "Thing", but the file has only'),
    });
    expect(await stack().types('claims', 'import', join(directory, 'none.csv'), '--map', map)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('there is no such file'),
    });
    writeFileSync(file, `${header}\n${good.replace('149', '151')}\n`);
    expect(JSON.parse((await imported('--dry-run')).out)).toMatchObject({
      rows: 1,
      mapped: 1,
      sample: { source: 'tsa' },
    });
    expect(await contents()).toEqual(before);
  });

  test('an import is taken back: its own claims are withdrawn, and no other', async () => {
    const log = join(directory, 'claims.csv.import.jsonl');
    expect(await stack().asks('claims', 'import', 'undo', log, '--dry-run')).toEqual({ claims: 3 });
    expect(await stack().asks('claims', 'import', 'undo', log, '--reason', 'the wrong file')).toEqual({
      withdrawn: 3,
      neverFiled: 0,
      kept: [],
    });
    await eventually('none is open', contents, (all) => all.length === 0);
    expect(await stack().asks('claims', 'import', 'undo', file, '--out', directory)).toEqual({
      withdrawn: 0,
      neverFiled: 0,
      kept: [],
    });
    const [own] = readFileSync(log, 'utf8')
      .split('\n')
      .flatMap((line) => /"claim":"([^"]+)"/.exec(line)?.[1] ?? []);
    expect(await stack().asks('claims', 'notes', own ?? '', '--as', 'A-991')).toEqual([
      expect.objectContaining({ text: 'The import of claims.csv was undone: the wrong file' }),
    ]);
  });

  test('policies come from a table in GB18030, once; a cut file changes nothing; the import is undone', async () => {
    const folder = join(projectRoot, 'samples', 'imports');
    const csv = join(directory, 'policies.csv');
    const whole = readFileSync(join(folder, 'policies.csv'));
    const policies = async () => {
      const words = ['policies', 'import', csv, '--map', join(folder, 'policies.map.json'), '--as', 'O-951'];
      const rejects = ['--rejects', join(directory, 'policies.rejects.csv')];
      return stack().types(...words, ...rejects, '--json');
    };
    writeFileSync(csv, whole.subarray(0, -30));
    expect(await policies()).toMatchObject({ exitCode: 2, err: expect.stringContaining('it was cut off') });
    writeFileSync(csv, whole);
    const taken = JSON.parse((await policies()).out);
    expect(taken).toMatchObject({ rows: 5, added: 5, same: 0, rejected: 0 });
    // A correction of the second row, and a row that cannot be.
    writeFileSync(
      csv,
      Buffer.from(
        whole.toString('latin1').replace('2,000,000.00', '2,500,000.00').replace('2026-03-01', '2026-02-30'),
        'latin1',
      ),
    );
    expect(JSON.parse((await policies()).out)).toMatchObject({ added: 0, changed: 1, same: 3, rejected: 1 });
    expect(readFileSync(join(directory, 'policies.rejects.csv'), 'utf8')).toContain('2,起保日期,');
    expect(await stack().asks('imports', 'undo', taken.import, '--as', 'M-601')).toMatchObject({
      undoes: taken.import,
      counts: { restored: 3, left: [expect.stringContaining('LK26-200002')] },
    });
  });
}
