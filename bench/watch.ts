import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { claimRuns } from '../client/engine/runs.ts';
import { watchId } from '../workflows/contract.ts';
import { sampleNotice } from '../local/samples.ts';
import { startWholeStack } from './acts/stack.ts';
import { closedLoop } from './load.ts';

/**
 * `npm run bench:watch -- N`: files N claims (1,000), and measures how long the watch takes to look at them
 * while all are well, and to take all of them up after their workflows were terminated.
 */
const count = Number(process.argv[2] ?? 1_000);
const atOnce = 20;

const stack = await startWholeStack();
try {
  const left: string[] = [];
  let filed = 0;
  const hotline = stack.as(stack.hotline);
  await closedLoop(count, atOnce, async () => {
    const { parties, ...notice } = sampleNotice('large-loss', new Date());
    const nth = (filed += 1);
    const phone = (index: number): string => `+8613${String(900_000_000 + nth * 10 + index)}`;
    const own = parties.map((party, index) => ({ ...party, phone: phone(index) }));
    const reference = `watch-${process.pid}-${nth}`;
    left.push((await hotline.file({ ...notice, source: 'bench', reference, parties: own })).claim);
  });
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection });
  const { running } = claimRuns(client);
  const open = async (): Promise<number> => {
    let runs = 0;
    for await (const _ of running()) runs += 1;
    return runs;
  };

  const operations = stack.as('O-951');
  while ((await open()) < count) await pause(200);
  await looked(client, () => operations.resumeAll());
  const well = await looked(client, () => operations.resumeAll());
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop())
        await client.workflow.getHandle(`claim-${next}`).terminate('measured');
    }),
  );
  while ((await open()) > 0) await pause(200);
  const since = performance.now();
  await operations.resumeAll();
  while ((await open()) < count) await pause(200);
  const seconds = (performance.now() - since) / 1_000;
  process.stdout.write(
    `${count} claims. A look, with every claim asked to compare itself: ${(well / 1_000).toFixed(2)} s. ` +
      `All taken up after they were terminated: ${seconds.toFixed(1)} s, ` +
      `${(count / seconds).toFixed(0)} a second.\n`,
  );
  await connection.close();
} finally {
  await stack.stop();
}

/** Milliseconds that the next look takes. */
async function looked(client: Client, ask: () => Promise<unknown>): Promise<number> {
  const looks = async (): Promise<number[]> => {
    const { events } = await client.workflow.getHandle(watchId).fetchHistory();
    return (events ?? []).flatMap(({ eventTime, activityTaskCompletedEventAttributes: done }) => {
      const scheduled = done && events?.find(({ eventId }) => eventId?.equals(done.scheduledEventId ?? 0));
      return scheduled ? [msOf(eventTime) - msOf(scheduled.eventTime)] : [];
    });
  };
  const before = (await looks()).length;
  await ask();
  for (;;) {
    const all = await looks();
    const last = all.at(-1);
    if (all.length > before && last !== undefined) return last;
    await pause(100);
  }
}

type Time = { seconds?: unknown; nanos?: number | null } | null | undefined;
function msOf(time: Time): number {
  return Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
}
