import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Reminding } from './activities.ts';

const { write, text } = proxyActivities<Reminding>({ startToCloseTimeout: '15 seconds' });

/** The same change, made carelessly: runs that began before are led off their path. */
export async function reminder(party: string): Promise<void> {
  await write.executeWithOptions({ summary: 'the first letter' }, [party]);
  await text.executeWithOptions({ summary: 'the text' }, [party]);
  await sleep('7 days', { summary: 'wait for an answer' });
  await write.executeWithOptions({ summary: 'the second letter' }, [party]);
}
