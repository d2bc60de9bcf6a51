import type { FieldSentence } from '../field-sentences.ts';
import type { MalformedNotice, Mistake } from './mistake.ts';
import { noticeSchema } from './schema.ts';

/** All mistakes of a notice as one answer. One mistake in the shape makes the whole not understood. */
export function malformedBy(mistakes: readonly Mistake[]): MalformedNotice {
  const ordered = mistakes.toSorted((a, b) => orderOf(a) - orderOf(b));
  return {
    kind: 'malformed',
    understood: ordered.every((each) => each.understood),
    field: ordered[0]?.field ?? '',
    sentence: ordered[0]?.sentence ?? 'The notice of loss is malformed.',
    mistakes: ordered.map(({ field, sentence }) => ({ field, sentence })),
  };
}

/** In the order of the fields of a notice; unknown fields come last. */
const fieldNames = Object.keys(noticeSchema.shape);
function orderOf({ field }: FieldSentence): number {
  const index = fieldNames.indexOf(field.split(/[.[]/)[0] ?? '');
  return index < 0 ? fieldNames.length : index;
}
