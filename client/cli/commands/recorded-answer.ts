import type { CommandResult } from '../command-action.ts';

/** `… (journal entry 42).` */
export const recordedAnswer = (value: { seq?: number }, sentence: string): CommandResult => ({
  value,
  text: `${sentence}${value.seq === undefined ? '' : ` (journal entry ${value.seq})`}.`,
});
