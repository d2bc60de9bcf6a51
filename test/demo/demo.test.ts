import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../config/env.ts';

it('the demo plays the four stories on its own stack, and each ends as expected', async () => {
  const demo = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(projectRoot, 'demo', 'main.ts')],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [output, err, exitCode] = await Promise.all([
    text(demo.stdout),
    text(demo.stderr),
    new Promise((resolve) => demo.once('close', resolve)),
  ]);
  const lines = output.trimEnd().split('\n');

  expect({
    exitCode,
    wrong: lines.filter((line) => line.includes('✗')),
    err: exitCode === 0 ? '' : err,
  }).toEqual({ exitCode: 0, wrong: [], err: '' });
  expect(lines.slice(-4).map((line) => line.replace(/ {2,}.* {2,}/, ': '))).toEqual([
    'busy customer: as expected',
    'third party’s invoice: as expected',
    'large loss: as expected',
    'silent surveyor: as expected',
  ]);
  expect(output).toMatch(
    /busy customer +→ The policyholder is notified by SMS: documents-reminder \(driving-licence\)\./,
  );
  expect(output).toMatch(/large loss +Reviewer R-501: denied "approve" \(limit\)/);
  expect(output).toMatch(/silent surveyor +✓ the survey is on the list of the deputy, S-202/);
}, 180_000);
