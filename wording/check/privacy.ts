import type { Message } from '../renderer/message.ts';
import { sampleTail } from '../preview/sample-messages.ts';
import { present } from '../../domain/present.ts';

/**
 * What may be read on a locked screen by anybody: none of these. Each with what would be said if it stood in
 * an SMS.
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

/** An SMS says the claim's tail and the company alone (effects.md §2). */
export function privateMistakes(text: string): string[] {
  const bare = text.replace(/[\s,.-]/g, '');
  return canaries
    .filter(([canary]) => canary.test(bare))
    .map(([, what]) => `says ${what}, which an SMS never does: take it out`);
}

/** In every fact that can hold a text or an amount, and in everybody whom the message is about. */
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
