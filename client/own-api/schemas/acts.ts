import { z } from 'zod';

/** The answer to an act. */
export const recordedSchema = z.object({
  kind: z.literal('recorded'),
  seq: z.int().meta({ description: "The journal's last entry" }),
});
export type Recorded = z.infer<typeof recordedSchema>;

export const documentKeptSchema = z.object({ kind: z.literal('kept'), followUp: z.string() }).meta({
  description: 'The claim has closed: the file is kept, and operations check whether it changes anything',
});

export const appealKeptSchema = z.object({ kind: z.literal('kept'), followUp: z.string() }).meta({
  description: 'The claim has closed: the appeal is kept with it, and a supervisor reopens it',
});

/** The answer to an opt-in and to an opt-out. */
export const optKeptSchema = z.object({
  kind: z.literal('kept'),
  claims: z.array(z.string()).meta({ description: 'Open claims that have sent messages there' }),
});
