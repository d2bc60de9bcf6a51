import { patched, proxyActivities, sleep } from '@temporalio/workflow';
import type { Reminding } from './activities.ts';

const { write, text } = proxyActivities<Reminding>({ startToCloseTimeout: '15 seconds' });

/** The change: a text goes with the first letter. Runs that began before keep to the letters. */
export async function reminder(party: string): Promise<void> {
  const alsoTexts = patched('text-with-the-first-letter');
  await write.executeWithOptions({ summary: 'the first letter' }, [party]);
  if (alsoTexts) await text.executeWithOptions({ summary: 'the text' }, [party]);
  await sleep('7 days', { summary: 'wait for an answer' });
  await write.executeWithOptions({ summary: 'the second letter' }, [party]);
}
