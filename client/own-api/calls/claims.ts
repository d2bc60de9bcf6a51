import { z } from 'zod';
import type { Asking } from '../asking.ts';
import { filedSchema, listedSchema, shownSchema } from '../schemas/claims.ts';
import { journalEntry } from '../schemas/journal.ts';
import { longestPage, type ListQuery } from '../schemas/lists.ts';
import { calendarProblemSchema, standingSchema } from '../schemas/problems.ts';
import { taskSchema } from '../schemas/work.ts';
import { at, searchOf } from './addresses.ts';

/** Filing claims, and looking at them. */
export const claimCalls = ({ one, upTo, all }: Asking) => ({
  file: (notice: object) => one({ method: 'POST', path: '/claims', body: notice, answer: filedSchema }),
  list: (query: ListQuery, limit: number) =>
    upTo(limit, {
      path: `/claims?${searchOf({ ...query, limit: Math.min(limit, longestPage) })}`,
      answer: z.array(listedSchema),
    }),
  claim: (no: string) => one({ path: at('claims', no), answer: shownSchema }),
  journal: (no: string) => one({ path: at('claims', no, 'journal'), answer: z.array(journalEntry) }),
  problems: () => all({ path: '/problems', answer: z.array(standingSchema) }),
  calendarProblems: () => one({ path: '/problems/calendars', answer: z.array(calendarProblemSchema) }),
  work: (limit: number, contacts = false) =>
    upTo(limit, {
      path: `/work?${searchOf({ limit: Math.min(limit, longestPage), contacts })}`,
      answer: z.array(taskSchema),
    }),
});
