import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Shown } from '../client/own-api/schemas/claims.ts';
import type { ShownItem } from '../client/own-api/schemas/items.ts';
import { apiAt, type Api } from '../client/own-api/api.ts';
import { ApiFailure } from '../client/own-api/failure.ts';
import { projectRoot } from '../config/env.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import { castFor, type Cast } from './cast.ts';
import type { Narration } from './narration.ts';
import { narrateJournal } from './journal-narrator.ts';
import { paper } from './paper.ts';
import type { DemoStack } from './stack.ts';
import { eventually } from './waiting.ts';

/** A story's name, and its notice of loss in samples/notices. */
type SceneOf = { name: string; notice: string };

/** A filed claim, the people around it, and ways to act and look. */
export interface Scene {
  story: string;
  number: string;
  cast: Cast;
  addresses: DemoStack['addresses'];
  as(code: string): Api;
  say(sentence: string): void;
  /** Prints a milestone of the story, after the entries that led to it. */
  reached(milestone: string): Promise<void>;
  claim(): Promise<Shown>;
  item(id: string): Promise<ShownItem>;
  journal(): Promise<JournalEntry[]>;
  /** Waits until `holds` is true of the claim, and returns the claim. Throws a sentence. */
  until(what: string, holds: (claim: Shown) => boolean, withinSeconds?: number): Promise<Shown>;
  /** Waits for an entry, and returns the first that fits. Throws a sentence. */
  entry<K extends JournalEntry['kind']>(
    what: string,
    kind: K,
    fits?: (entry: Extract<JournalEntry, { kind: K }>) => boolean,
    withinSeconds?: number,
  ): Promise<Extract<JournalEntry, { kind: K }>>;
  entries<K extends JournalEntry['kind']>(kind: K): Promise<Extract<JournalEntry, { kind: K }>[]>;
  /** Calls `act`, which must be denied, and returns the reason. */
  denied(what: string, act: () => Promise<unknown>): Promise<string>;
  /** A document comes in, and the handler accepts it. */
  brings(document: string, item?: string): Promise<void>;
  /** Ends the narration. */
  end(): Promise<void>;
}

/** The police's thirteen days, here seconds, count from the loss; so the loss is just before the notice. */
const lossBeforeNoticeMs = 1_000;
const usualPatienceSeconds = 30;

const notice = z.looseObject({ source: z.string(), reference: z.string() });

/**
 * Files the story's notice of loss, with a loss of today and a new reference, so that the demo can run again.
 * Throws a sentence.
 */
export async function openScene(story: SceneOf, stack: DemoStack, narration: Narration): Promise<Scene> {
  const as = (code: string): Api => apiAt(() => ({ url: stack.addresses.api, token: tokenOf(code, stack) }));
  const say = (sentence: string): void => narration.say(story.name, sentence);
  const { cast: everybody, titles } = castFor(stack);
  const filed = await as(everybody.hotline).file(noticeOf(story));
  say(`The hotline files the notice of loss: claim ${filed.claim}.`);

  const claim = (): Promise<Shown> => as(everybody.auditor).claim(filed.claim);
  const journal = (): Promise<JournalEntry[]> => as(everybody.auditor).journal(filed.claim);
  const until: Scene['until'] = (what, holds, withinSeconds = usualPatienceSeconds) =>
    eventually(what, withinSeconds, async () => {
      const now = await claim();
      return holds(now) && now;
    });
  const first = await until('acknowledged', ({ stage }) => stage !== 'acknowledge');
  await demandDemoPace(first, as(everybody.hotline));
  const listener = narrateJournal(journal, say, titles);
  const cast = { ...everybody, handler: first.handler, surveyor: first.surveyor ?? everybody.surveyor };

  const entries: Scene['entries'] = async (kind) => (await journal()).filter((entry) => isOf(kind, entry));
  return {
    story: story.name,
    number: filed.claim,
    cast,
    addresses: stack.addresses,
    as,
    say,
    claim,
    journal,
    until,
    entries,
    async reached(milestone) {
      await listener.catchUp();
      say(`✓ ${milestone}`);
    },
    end: () => listener.stop(),
    async item(id) {
      const found = (await claim()).items.find((each) => each.id === id);
      if (!found) throw new Error(`Expected: the claim has ${id}.`);
      return found;
    },
    entry: (what, kind, fits = () => true, withinSeconds = usualPatienceSeconds) =>
      eventually(what, withinSeconds, async () => (await entries(kind)).find(fits)),
    denied,
    async brings(document, item) {
      await as(everybody.hotline).addDocument(filed.claim, {
        document,
        item,
        ...paper(document, filed.claim),
      });
      await as(cast.handler).act(filed.claim, 'accept-document', { document, item });
    },
  };
}

/** Throws a sentence, after withdrawing the claim, on a stack where a day is not a second. */
async function demandDemoPace({ claim, rules }: Shown, hotline: Api): Promise<void> {
  if (rules.pace.startsWith('demo@')) return;
  await hotline.act(claim, 'withdraw', {});
  throw new Error(`Expected: the stack runs with --pace demo; this one runs with ${rules.pace}.`);
}

async function denied(what: string, act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (fault) {
    if (fault instanceof ApiFailure && fault.problem.reason) return fault.problem.reason;
    throw fault;
  }
  throw new Error(`Expected: ${what} is denied.`);
}

const isOf = <K extends JournalEntry['kind']>(
  kind: K,
  entry: JournalEntry,
): entry is Extract<JournalEntry, { kind: K }> => entry.kind === kind;

function noticeOf(story: SceneOf): object {
  const file = join(projectRoot, 'samples', 'notices', `${story.notice}.json`);
  const written = notice.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    ...written,
    reference: `${written.reference}-demo-${Date.now()}`,
    lossAt: new Date(Date.now() - lossBeforeNoticeMs).toISOString(),
  };
}

function tokenOf(code: string, { tokens }: DemoStack): string {
  const token = tokens[code];
  if (!token) throw new Error(`Expected: the stack has a token for ${code}.`);
  return token;
}
