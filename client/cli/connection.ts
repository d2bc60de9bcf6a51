import { readTokens, tokensPath, type TokensFile } from '../../local/tokens-file.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { readEnv } from '../../config/env.ts';
import type { Connection } from '../own-api/http.ts';
import { whoIsThere } from './pages/staff-page.ts';
import { present } from '../../domain/present.ts';
import { misuse, notDone } from './stop.ts';

/** The options of every command. */
export interface Globals {
  api?: string;
  as?: string;
  data?: string;
  json?: boolean;
}

const stackFile = z.looseObject({
  api: z.string(),
  temporalAddress: z.string(),
  temporalUi: z.string().nullish(),
  mail: z.string().nullish(),
  sms: z.string().nullish(),
  bank: z.string().nullish(),
  databaseUrl: z.string().nullish(),
});
export type StackFile = z.infer<typeof stackFile>;

/** The API of `--api`, else the local stack's, with the token of the person of `--as`. Throws a Stop. */
export function connectionFor(globals: Globals): Connection & { token: string; code: string } {
  const stack = runningStack(globals);
  if (globals.api === undefined && !stack) throw notDone(notRunning(globals));
  const url = globals.api === undefined ? (stack?.api ?? '') : addressFrom(globals.api);
  const local = stack !== undefined && sameAddress(url, stack.api);
  const { code, token } = local ? localPerson(globals) : foreignPerson(url, globals);
  return {
    url,
    token,
    code,
    advice: local ? localAdvice(globals) : 'Check the address, and that Lipei runs there.',
  };
}

/** A connection with a token if there is one. Undefined without `--api` and without a running local stack. */
export function openConnection(globals: Globals): Connection | undefined {
  const stack = runningStack(globals);
  const url = globals.api === undefined ? stack?.api : addressFrom(globals.api);
  if (url === undefined) return undefined;
  const local = stack !== undefined && sameAddress(url, stack.api);
  return {
    url,
    ...present({ token: local ? ownToken(globals) : readEnv().token }),
    advice: localAdvice(globals),
  };
}

/** The local stack's usual one. */
function ownToken(globals: Globals): string | undefined {
  if (!existsSync(tokensPath(dataDirectory(globals)))) return undefined;
  const { default: usual, tokens } = localPeople(globals);
  return tokens[usual];
}

/** The addresses that the local stack writes when it starts, and deletes when it stops. */
export function runningStack(globals: Globals): StackFile | undefined {
  const file = join(dataDirectory(globals), 'stack.json');
  return existsSync(file) ? stackFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export const notRunning = (globals: Globals): string =>
  `No local stack runs with the data directory ${shortened(dataDirectory(globals))}. ` +
  'Run npm start first, or name an API with --api.';

/** The people with a token of the local stack, and the one who acts without `--as`. Throws a Stop. */
export function localPeople(globals: Globals): TokensFile {
  const file = tokensPath(dataDirectory(globals));
  if (!existsSync(file))
    throw notDone(`${shortened(file)} is missing: the local stack makes it when it starts.`);
  return readTokens(dataDirectory(globals));
}

interface Person {
  code: string;
  token: string;
}

function localPerson(globals: Globals): Person {
  const { default: usual, tokens, people } = localPeople(globals);
  const code = globals.as ?? usual;
  const token = tokens[code];
  if (token) return { code, token };
  const similar = people.find((each) => each.name === code || each.code.toUpperCase() === code.toUpperCase());
  if (similar) throw misuse(`--as takes a staff code: ${similar.name} has ${similar.code}.`);
  const all = people.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  throw misuse(`Nobody here has the staff code "${code}". The staff codes are:\n${whoIsThere(all)}`);
}

/** Tokens of the local stack are valid only there, and are sent nowhere else. */
function foreignPerson(url: string, { as }: Globals): Person {
  if (as !== undefined)
    throw misuse(
      `--as chooses a person of the local stack. At ${url} the token in LIPEI_TOKEN decides who acts.`,
    );
  const { token } = readEnv();
  if (!token) throw misuse(`${url} needs a token: put yours into LIPEI_TOKEN.`);
  return { code: subjectOf(token), token };
}

const claimsOfToken = z.object({ sub: z.string() });

/** The staff code in a token, only to print it: the API checks the token. */
function subjectOf(token: string): string {
  const [, body = ''] = token.split('.');
  try {
    return claimsOfToken.parse(JSON.parse(Buffer.from(body, 'base64url').toString())).sub;
  } catch {
    return 'the owner of this token';
  }
}

/** A path on the command line is relative to the current directory. */
const dataDirectory = ({ data }: Globals): string =>
  data === undefined ? readEnv().dataDirectory : resolve(data);

function addressFrom(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.href.replace(/\/$/, '');
  throw misuse(`--api ${written} is wrong. It should be an address such as http://127.0.0.1:7400.`);
}

/** 127.0.0.1 and localhost are the same machine. */
function sameAddress(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  return (
    a.protocol === b.protocol &&
    a.port === b.port &&
    (a.hostname === b.hostname || (isLoopback(a.hostname) && isLoopback(b.hostname)))
  );
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');

const localAdvice = (globals: Globals): string =>
  `Is the local stack of ${shortened(dataDirectory(globals))} running? Start it with npm start.`;

const shortened = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
};
