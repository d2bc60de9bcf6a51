import type { Waiting } from '../../own-api/schemas/work.ts';
import { dueTime } from '../input/times.ts';

/** `police: police-determination`. */
export const whatFrom = ({ from, what, item }: Waiting): string =>
  `${from}: ${what}${item ? ` (${item})` : ''}`;

/** `chase 2026-11-26 09:00`. */
export const nextStep = ({ next }: Waiting): string => `${next.do} ${dueTime(next.at)}`;
