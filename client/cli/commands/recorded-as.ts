import type { Answer } from '../answered.ts';

/** `… (journal entry 42).` */
export const recordedAs = (value: { seq?: number }, sentence: string): Answer => ({
  value,
  text: `${sentence}${value.seq === undefined ? '' : ` (journal entry ${value.seq})`}.`,
});
