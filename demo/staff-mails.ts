import { z } from 'zod';
import type { Scene } from './scene.ts';

const mails = z.array(z.object({ to: z.array(z.object({ address: z.string() })), text: z.string() }));

/** The texts of the mails about work on the story's claim that staff got, each with its reader's address. */
export async function mailsToStaff({ addresses, number }: Scene): Promise<{ to: string; text: string }[]> {
  const answer = await fetch(`${addresses.mail}/api/email`);
  return mails
    .parse(await answer.json())
    .filter(({ text }) => text.includes('bin/lipei work') && text.includes(number))
    .map(({ to, text }) => ({ to: to[0]?.address ?? '', text }));
}
