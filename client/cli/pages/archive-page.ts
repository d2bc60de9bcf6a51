import { z } from 'zod';
import type { openedPieceSchema } from '../../own-api/schemas/retention.ts';
import type { ArchiveVerification } from '../archive/verification.ts';
import { localTime, zoneLine } from '../input/times.ts';
import type { Named } from '../staff-names.ts';
import { counted } from '../table.ts';
import { signerIn } from './verification-page.ts';

/** What the verification of an archive found. */
export function archivePage(
  { claim, made, attachments, without, messages, rules, journal, anchoredUntil, faults }: ArchiveVerification,
  named: Named,
): string {
  const genuine = journal.messages.filter(({ verdict }) => verdict === 'genuine').length;
  return [
    made
      ? `Archive of ${claim}, signed by ${named(signerIn(made.by))}, ${localTime(made.at)}.`
      : `Archive of ${claim}; nobody has signed it.`,
    `${journal.entries} journal entries with ${counted(genuine, 'signed message')}, ` +
      `${counted(messages, 'message')} sent or planned, ${counted(attachments, 'attachment')}.`,
    ...(without.length > 0
      ? [`Without bytes, erased or lost before: ${without.map((each) => each.slice(0, 12)).join(', ')}.`]
      : []),
    `Its rules are ${rulesInWords[rules]}.`,
    ...(anchoredUntil === undefined
      ? []
      : [`The signed files of heads confirm it up to entry ${anchoredUntil}.`]),
    ...(faults.length === 0
      ? ['Nothing was changed since it was signed, and all that money rests on follows.']
      : faults.map(({ part, why }) => `WRONG, ${part}: ${why}`)),
    zoneLine(),
  ].join('\n');
}

const rulesInWords: Record<ArchiveVerification['rules'], string> = {
  'as here': 'those of this program',
  'other than here': 'other than this program has under the same names: look at them',
  'not here': 'not in this program any more; those in the archive were used',
};

const text = z.object({ text: z.string() });

/** The words of an archive, one after the other. */
export const openedPage = (pieces: z.infer<typeof openedPieceSchema>[]): string =>
  pieces.map(({ of, id, value }) => `${of} ${id}\n${wordsOf(value)}`).join('\n\n');

function wordsOf(value: unknown): string {
  if (value === undefined) return '(does not open: the person was erased, or it was changed)';
  return text.safeParse(value).data?.text ?? JSON.stringify(value, undefined, 2);
}
