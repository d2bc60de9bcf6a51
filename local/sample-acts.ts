import { existsSync, openAsBlob, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { apiAt, type Api } from '../client/own-api/api.ts';
import type { Shown } from '../client/own-api/schemas/claims.ts';
import { mustBe, strictFields } from '../config/field-sentences.ts';
import { projectRoot } from '../config/env.ts';
import { itemSteps, stages, type Stage } from '../domain/road/steps.ts';
import { sampleNotice } from './samples.ts';
import { readTokens } from './tokens-file.ts';

const samplesFolder = join(projectRoot, 'samples');

/** The acts that a sample needs; `handler` and `surveyor` are those of the claim. */
const actNames = ['report-survey', 'assess', 'verify', 'approve', 'refuse'] as const;
const at = z.tuple([z.string(), z.enum(itemSteps)]).optional();

const step = z.union([
  strictFields({
    by: z.string(),
    act: z.enum(actNames),
    fields: z.looseObject({ item: z.string().optional() }),
    when: at,
  }),
  strictFields({
    document: z.string(),
    file: z.string().regex(/^[\w-]+\.\w+$/, mustBe('the name of a file in samples/attachments')),
    item: z.string().optional(),
    acceptedBy: z.string().optional(),
    when: at,
  }),
  strictFields({ from: z.string(), text: z.string(), when: at }),
]);
type Step = z.output<typeof step>;

/** The acts on each sample claim after its filing, by notice. Throws when the file is wrong. */
export const sampleActs = (): Record<string, Step[]> =>
  z
    .record(z.string(), z.array(step))
    .parse(JSON.parse(readFileSync(join(samplesFolder, 'acts.json'), 'utf8')));

interface Where {
  dataDir: string;
  api: string;
  /** The address of the SMS stand-in; null with another provider, whose real texts cannot be played. */
  sms: string | null;
}

interface Sample extends Where {
  name: string;
  number: string;
  as(code: string): Api;
  hotline: string;
}

/**
 * Takes the sample claims along the road, so that everybody of `people.json` has a task. Each act happens
 * once for a data directory: a file has the number of acts done, and a repeated act counts once. Gives a
 * sentence for each claim that did not reach its step; the next start continues from there.
 */
export async function actOnSamples(where: Where, claims: Record<string, string>): Promise<string[]> {
  const { default: hotline, tokens } = readTokens(where.dataDir);
  const done = progressIn(where.dataDir);
  const as = (code: string): Api =>
    apiAt(() => ({ url: where.api, token: tokens[code] ?? '', advice: 'The samples are left as they are.' }));
  const walks = Object.entries(sampleActs()).map(async ([name, steps]) => {
    const number = claims[name];
    if (number === undefined) return [];
    const sample = { ...where, name, number, as, hotline };
    for (const [index, each] of steps.entries()) {
      if (index < done.of(name)) continue;
      const problem = await take(sample, each, `samples-${name}-${index}`).catch(sentenceOf);
      if (problem !== undefined)
        return [`The sample claim ${number} (${name}) did not reach its step: ${problem}`];
      done.keep(name, index + 1);
    }
    return [];
  });
  return (await Promise.all(walks)).flat();
}

const sentenceOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

/** Gives a sentence when the act is impossible now. */
async function take(sample: Sample, each: Step, key: string): Promise<string | undefined> {
  const claim = await until(sample, each.when);
  if ('act' in each) await act(sample, claim, each, key);
  else if ('document' in each) await bring(sample, claim, each, key);
  else return write(sample, each);
  return undefined;
}

const patienceMs = 30_000;
const pauseMs = 250;

/** Waits until an item has reached or passed a step. */
async function until({ as, hotline, number }: Sample, when: Step['when']): Promise<Shown> {
  for (const end = Date.now() + patienceMs; ; await pause(pauseMs)) {
    const claim = await as(hotline).claim(number);
    if (isThere(claim, when)) return claim;
    if (Date.now() > end) throw new Error(`it does not come to "${when?.join(' ') ?? 'survey'}".`);
  }
}

function isThere({ stage, items }: Shown, when: Step['when']): boolean {
  if (!when) return orderOf(stage) > orderOf('cover');
  const [item, wished] = when;
  return items.some((each) => each.id === item && orderOf(each.stage) >= orderOf(wished));
}

const orderOf = (stage: Stage | string): number => stages.findIndex((each) => each === stage);

type Acted = Extract<Step, { act: string }>;

/** Verifies the current version and approves the current payment. */
async function act({ as, number }: Sample, claim: Shown, { by, act: name, fields }: Acted, key: string) {
  const item = claim.items.find(({ id }) => id === fields.item);
  const given = {
    verify: { ...fields, version: item?.assessment?.version },
    approve: { ...fields, of: item?.of ?? undefined },
    'report-survey': fields,
    assess: fields,
    refuse: fields,
  };
  await as(codeOf(by, claim)).act(number, name, given[name], key);
}

function codeOf(by: string, { handler, surveyor }: Shown): string {
  if (by === 'handler') return handler;
  return by === 'surveyor' ? (surveyor ?? by) : by;
}

type Brought = Extract<Step, { document: string }>;

async function bring(
  { as, hotline, number }: Sample,
  claim: Shown,
  { document, file, item, acceptedBy }: Brought,
  key: string,
): Promise<void> {
  const content = await openAsBlob(join(samplesFolder, 'attachments', file));
  await as(hotline).addDocument(number, { document, item, name: file, content }, key);
  if (acceptedBy !== undefined)
    await as(codeOf(acceptedBy, claim)).act(number, 'accept-document', { document, item }, `${key}-accepted`);
}

const written = z.object({
  messages: z.array(
    z.looseObject({ direction: z.string(), from: z.string().nullish(), to: z.string(), body: z.string() }),
  ),
});

/** A customer answers the last text to them. Without one the answer could not be matched to a claim. */
async function write(
  { sms, name }: Sample,
  { from, text }: Extract<Step, { text: string }>,
): Promise<string | undefined> {
  if (sms === null) return undefined;
  const phone = sampleNotice(name, new Date()).parties.find(({ role }) => role === from)?.phone;
  const messages = async () =>
    written.parse(await (await fetch(`${sms}/stand-in/messages`, { signal: inTime() })).json()).messages;
  const theirs = ({ direction, from: sender }: { direction: string; from?: string | null | undefined }) =>
    direction === 'inbound' && sender === phone;
  for (const end = Date.now() + patienceMs / 3; ; await pause(pauseMs)) {
    const all = await messages();
    if (all.some((each) => theirs(each) && each.body === text)) return undefined;
    const ours = all.findLast(({ direction, to }) => direction !== 'inbound' && to === phone)?.from;
    if (ours && phone !== undefined) {
      const form = new URLSearchParams({ from: phone, to: ours, body: text });
      const answer = await fetch(`${sms}/stand-in/answers`, { method: 'POST', body: form, signal: inTime() });
      return answer.ok ? undefined : `the SMS stand-in answered ${answer.status}.`;
    }
    if (Date.now() > end)
      return 'no text was sent yet to the customer who answers, as at night; the next start continues.';
  }
}

const inTime = (): AbortSignal => AbortSignal.timeout(patienceMs);

/** The number of acts done for each sample: `samples-acted.json` of the data directory. */
function progressIn(dataDir: string): { of(name: string): number; keep(name: string, count: number): void } {
  const file = join(dataDir, 'samples-acted.json');
  const counts = existsSync(file) ? z.record(z.string(), z.number()).parse(readJson(file)) : {};
  return {
    of: (name) => counts[name] ?? 0,
    keep(name, count) {
      counts[name] = count;
      writeFileSync(`${file}.new`, `${JSON.stringify(counts, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
