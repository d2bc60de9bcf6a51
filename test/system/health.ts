import { join } from 'node:path';
import { z } from 'zod';
import { recordedProcess } from '../../local/processes/process-record.ts';
import { valueOf } from '../support/lipei.ts';
import { eventually, type LocalStack } from '../support/local-stack.ts';

const doctor = z.strictObject({
  healthy: z.boolean(),
  parts: z.array(
    z.strictObject({
      name: z.string(),
      ok: z.boolean(),
      detail: z.string(),
      warns: z.literal(true).optional(),
    }),
  ),
});

export function health(stack: () => LocalStack): void {
  const examined = async () => {
    const answer = await stack().types('doctor', '--json');
    return { exitCode: answer.exitCode, ...doctor.parse(valueOf(answer)) };
  };

  test('doctor says what can be reached, and when a part hangs which one that is', async () => {
    const well = await examined();
    const frozen = ['mailbox', 'temporal'].map(
      (name) => recordedProcess(join(stack().dataDir, 'run', `${name}.json`)) ?? 0,
    );
    frozen.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    const unwell = await examined().finally(() => frozen.forEach((pid) => process.kill(pid, 'SIGCONT')));

    expect(well).toMatchObject({ exitCode: 0, healthy: true });
    expect(well.parts.find(({ name }) => name === 'PostgreSQL')).toEqual({
      name: 'PostgreSQL',
      ok: true,
      detail: expect.not.stringContaining('@'),
    });
    expect(well.parts.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'tools',
        'API',
        'API: engine',
        'API: records',
        'Temporal',
        'PostgreSQL',
        'Temporal Web UI',
        'mail',
        'sms',
        'bank',
      ]),
    );
    expect(unwell).toMatchObject({ exitCode: 1, healthy: false });
    expect(
      unwell.parts
        .filter(({ ok }) => !ok)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['API', 'API: engine', 'API: worker', 'Temporal', 'Temporal Web UI', 'mail']);
    expect(unwell.parts.find(({ name }) => name === 'mail')?.detail).toContain(stack().addresses.mail);
    await eventually('well again', examined, ({ healthy }) => healthy);
  }, 60_000);
}
