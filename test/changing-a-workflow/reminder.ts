import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Reminding } from './activities.ts';

const { write } = proxyActivities<Reminding>({ startToCloseTimeout: '15 seconds' });

/** As it was released first, and as `history.json` was recorded: a letter, a week, another letter. */
export async function reminder(party: string): Promise<void> {
  await write.executeWithOptions({ summary: 'the first letter' }, [party]);
  await sleep('7 days', { summary: 'wait for an answer' });
  await write.executeWithOptions({ summary: 'the second letter' }, [party]);
}
