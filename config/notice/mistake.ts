import type { FieldSentence } from '../field-sentences.ts';

/** `understood`: the shape is right, and the value is wrong. */
export type Mistake = FieldSentence & { understood: boolean };
export type Malformed = Mistake & { kind: 'malformed' };
/** `field` and `sentence` are those of the first mistake; `mistakes` are all, in the order of the fields. */
export type MalformedNotice = Malformed & { mistakes: FieldSentence[] };

export const notUnderstood = (mistake: FieldSentence): Mistake => ({ ...mistake, understood: false });
