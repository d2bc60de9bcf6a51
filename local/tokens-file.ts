import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { staffSchema } from '../client/own-api/schemas/staff.ts';

const person = staffSchema.pick({ code: true, name: true, roles: true, branch: true });
const tokensFile = z.object({
  default: z.string(),
  tokens: z.record(z.string(), z.string()),
  people: z.array(person).default([]),
});
export type TokensFile = z.infer<typeof tokensFile>;

/** Everybody's token on the local stack: a file of its data directory. */
export const tokensPath = (dataDir: string): string => join(dataDir, 'tokens.json');

/** The person who acts by default, everybody's token, and the people. Throws where the file is missing. */
export const readTokens = (dataDir: string): TokensFile =>
  tokensFile.parse(JSON.parse(readFileSync(tokensPath(dataDir), 'utf8')));
