import { pino } from 'pino';
import { inRounds } from '../../../client/api/rounds.ts';

const aMinute = 60_000;

test('one round at a time, each whole, and stopping waits for the one under way', async () => {
  const seen: string[] = [];
  const gates: (() => void)[] = [];
  const rounds = inRounds(
    async () => {
      seen.push('begins');
      await new Promise<void>((open) => gates.push(open));
      seen.push('ends');
    },
    { everyMs: aMinute, log: pino({ enabled: false }), failed: 'it failed' },
  );
  const [first, second] = [rounds.round(), rounds.round()];
  await new Promise(setImmediate);
  expect(seen).toEqual(['begins']);
  gates.shift()?.();
  await first;
  await new Promise(setImmediate);
  expect(seen).toEqual(['begins', 'ends', 'begins']);
  const stopped = rounds.stop().then(() => seen.push('stopped'));
  gates.shift()?.();
  await Promise.all([second, stopped]);
  expect(seen).toEqual(['begins', 'ends', 'begins', 'ends', 'stopped']);
});

test('a fault ends its round alone, and the log has no words of it', async () => {
  const lines: string[] = [];
  let tries = 0;
  const rounds = inRounds(
    async () => {
      tries += 1;
      if (tries === 1) throw new TypeError('about 王伟');
    },
    {
      everyMs: aMinute,
      log: pino({}, { write: (line: string) => void lines.push(line) }),
      failed: 'it failed',
    },
  );
  await rounds.round();
  await rounds.round();
  await rounds.stop();
  expect([tries, lines.length]).toEqual([2, 1]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    fault: 'TypeError',
    msg: 'it failed; it is tried again',
  });
});
