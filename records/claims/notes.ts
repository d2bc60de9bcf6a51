import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { KeptWords } from '../../domain/claim/fields.ts';
import type { Database } from '../database.ts';
import type { Keyring } from '../../security/keyring.ts';
import { seal, unseal } from '../../security/sealing.ts';
import { present } from '../../domain/present.ts';
import type { Note } from '../../client/own-api/schemas/personal.ts';

const written = z.object({ text: z.string() });
const contextOf = (claim: string, id: string): string => `${claim}/note/${id}`;

const sha256Of = (words: string): string => createHash('sha256').update(words, 'utf8').digest('hex');

/** The words that a member of staff typed for one field of one message. */
export interface TypedWords {
  claim: string;
  by: string;
  /** The act, the id of its message and the field. */
  of: readonly string[];
  text: string;
}

/** What a message says of these words. The same words of the same field of a message are one note. */
export function keptWords({ claim, by, of, text }: TypedWords): KeptWords {
  const sha256 = sha256Of(text);
  return { note: sha256Of(JSON.stringify([claim, by, ...of, sha256])).slice(0, 32), sha256 };
}

/**
 * Seals words as a note under the key of their claim's first party, so that erasing this party also erases
 * the notes. `is-kept`: an earlier request has kept them.
 */
export async function keepNote(
  database: Database,
  keyring: Keyring,
  typed: TypedWords,
): Promise<'kept' | 'is-kept' | 'erased'> {
  const { claim, by, text } = typed;
  const { note: id } = keptWords(typed);
  return keep(database, keyring, { claim, by, party: 'party-1', id, text });
}

export const forgetNote = async (database: Database, { note }: KeptWords): Promise<void> =>
  void (await database.note.deleteMany({ where: { id: note } }));

/**
 * Keeps a text from a party, or from a mail server about it (`by`), under the party's own key, once for each
 * id. Undefined when the party was erased.
 */
export async function keepLetterOf(
  database: Database,
  keyring: Keyring,
  {
    claim,
    party,
    by = party,
    id,
    text,
  }: { claim: string; party: string; by?: string; id: string; text: string },
): Promise<KeptWords | undefined> {
  const answer = await keep(database, keyring, { claim, by, party, id, text });
  return answer === 'erased' ? undefined : { note: id, sha256: sha256Of(text) };
}

async function keep(
  database: Database,
  keyring: Keyring,
  { claim, by, party, id, text }: { claim: string; by: string; party: string; id: string; text: string },
): Promise<'kept' | 'is-kept' | 'erased'> {
  const row = await database.party.findUnique({
    where: { claim_id: { claim, id: party } },
    select: { key: true },
  });
  if (!row?.key) return 'erased';
  const sealed = seal(row.key, keyring, { text }, contextOf(claim, id));
  const { count } = await database.note.createMany({
    data: [{ id, claim, by, party, sealed }],
    skipDuplicates: true,
  });
  return count === 1 ? 'kept' : 'is-kept';
}

/** Do the kept words match the hash in a message or an entry? `gone`: the note was deleted or erased. */
export async function wordsMatch(
  database: Database,
  keyring: Keyring,
  claim: string,
  { note: id, sha256 }: KeptWords,
): Promise<'match' | 'differ' | 'gone'> {
  const note = (await notesOf(database, keyring, claim)).find((each) => each.id === id);
  if (!note) return 'gone';
  return sha256Of(note.text) === sha256 ? 'match' : 'differ';
}

/** Notes with the reasons for broken glasses: not for those who read the notes of the claim. */
const glassNotes = 'glass-';

/** Keeps why somebody broke the glass, as a note under the key of the first party; gives its id. */
export async function keepGlassReason(
  database: Database,
  keyring: Keyring,
  { claim, by, text }: { claim: string; by: string; text: string },
): Promise<string | undefined> {
  const note = { claim, party: 'party-1', by, id: `${glassNotes}${randomUUID()}`, text };
  return (await keepLetterOf(database, keyring, note))?.note;
}

/** Why glasses of these claims were broken, by the ids of the notes, without erased ones. */
export async function glassReasons(
  database: Database,
  keyring: Keyring,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const notes = await database.note.findMany({ where: { id: { in: [...ids] } } });
  const found = await Promise.all(
    notes.map(async ({ id, claim, party, sealed }) => {
      const owner = { claim, id: party };
      const row = await database.party.findUnique({ where: { claim_id: owner }, select: { key: true } });
      return row?.key
        ? [[id, written.parse(unseal(row.key, keyring, sealed, contextOf(claim, id))).text] as const]
        : [];
    }),
  );
  return new Map(found.flat());
}

/** The oldest first, without erased notes; only those of one party, if it is named. */
export async function notesOf(
  database: Database,
  keyring: Keyring,
  claim: string,
  party?: string,
): Promise<Note[]> {
  const [notes, parties] = await Promise.all([
    database.note.findMany({
      where: { claim, id: { not: { startsWith: glassNotes } }, ...present({ party }) },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
    }),
    database.party.findMany({
      where: { claim, ...present({ id: party }) },
      select: { id: true, key: true },
    }),
  ]);
  const keys = new Map(parties.map(({ id, key }) => [id, key]));
  return notes.flatMap(({ id, by, at, party: owner, sealed }) => {
    const key = keys.get(owner);
    return key
      ? [
          {
            id,
            by,
            at: at.toISOString(),
            ...written.parse(unseal(key, keyring, sealed, contextOf(claim, id))),
          },
        ]
      : [];
  });
}
