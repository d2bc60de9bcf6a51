import type { Message } from '../renderer/message.ts';
import { sampleTail } from '../preview/sample-messages.ts';
import { present } from '../../domain/present.ts';

/**
 * Anybody may read an SMS on a locked screen, so none of these may be in it. Each has its name for the
 * mistake.
 */
const canaries: [RegExp, string][] = [
  [/Kanarius/, 'the recipient’s name'],
  [/Zeisig/, 'the handler’s name'],
  [/7654321/, 'an amount'],
  [/LK77000077/, 'the number of a policy'],
  [/13977770000/, 'somebody’s telephone number'],
  [/kanari@/, 'somebody’s email address'],
  [/CNRY2/, 'the whole number of the claim'],
];

/** An SMS may only name the claim's tail and the company (effects.md §2). */
export function privateMistakes(text: string): string[] {
  const bare = text.replace(/[\s,.-]/g, '');
  return canaries
    .filter(([canary]) => canary.test(bare))
    .map(([, what]) => `contains ${what}, which an SMS must not: take it out`);
}

/** Puts canaries into every fact that may have a text or an amount, and into every person of the message. */
export function fullOfCanaries(message: Message): Message {
  const typed = 'Ms Kanarius, LK77-000077, 139 7777 0000, kanari@canary.example';
  const { facts, claim } = message;
  return {
    ...message,
    recipient: { name: 'Kanarius' },
    handler: { name: 'Zeisig', phone: '400-000-0111' },
    claim: { ...claim, number: `CNRY2-${sampleTail}` },
    facts: {
      item: 'item-1',
      ...facts,
      amountMinor: 765_432_100,
      reason: typed,
      ...present({
        documents: facts.documents
          ? facts.documents.map((document) => ({ ...document, reason: typed }))
          : undefined,
      }),
    },
  };
}
