import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { KeptWords } from '../../domain/claim/fields.ts';
import type { Database } from '../database.ts';
import type { Keyring } from '../../security/keyring.ts';
import { hashOfWords, seal, unseal } from '../../security/sealing.ts';
import { partyKey } from '../parties/parties.ts';
import { present } from '../../domain/present.ts';
import type { Note } from '../../client/own-api/schemas/personal.ts';

const written = z.object({ text: z.string() });
const contextOf = (claim: string, id: string): string => `${claim}/note/${id}`;

/** The words that a member of staff typed for one field of one message. */
export interface TypedWords {
  claim: string;
  /** The party that they are about. */
  party: string;
  by: string;
  /** The act, the id of its message and the field. */
  of: readonly string[];
  text: string;
}

/** `is-kept`: an earlier request has kept them. */
export type KeptNote = { kind: 'kept' | 'is-kept'; words: KeptWords } | { kind: 'erased' };

/**
 * Seals words as a note under the key of the party that they are about, so that erasing the party also erases
 * them. The same words of the same field of a message are one note.
 */
export async function keepNote(
  database: Database,
  keyring: Keyring,
  { claim, party, by, of, text }: TypedWords,
): Promise<KeptNote> {
  const idOf = (hash: string): string =>
    createHash('sha256')
      .update(JSON.stringify([claim, by, ...of, hash]))
      .digest('hex')
      .slice(0, 32);
  return keep(database, keyring, { claim, by, party, idOf, text });
}

/** The words of a denied act. What the journal names stays. */
export const forgetNote = async (database: Database, { note }: KeptWords): Promise<void> =>
  void (await database.$executeRaw`SELECT forget_note(${note})`);

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
  const answer = await keep(database, keyring, { claim, by, party, idOf: () => id, text });
  return answer.kind === 'erased' ? undefined : answer.words;
}

interface ToKeep {
  claim: string;
  by: string;
  party: string;
  /** The id of the note, from the hash of its words. */
  idOf: (hash: string) => string;
  text: string;
}

async function keep(
  database: Database,
  keyring: Keyring,
  { claim, by, party, idOf, text }: ToKeep,
): Promise<KeptNote> {
  const key = await partyKey(database, claim, party);
  if (key === undefined) return { kind: 'erased' };
  const sha256 = hashOfWords(key, keyring, text);
  const id = idOf(sha256);
  const sealed = seal(key, keyring, { text }, contextOf(claim, id));
  const { count } = await database.note.createMany({
    data: [{ id, claim, by, party, sealed }],
    skipDuplicates: true,
  });
  return { kind: count === 1 ? 'kept' : 'is-kept', words: { note: id, sha256 } };
}

/** Do the kept words match the hash in a message or an entry? `gone`: the note was deleted or erased. */
export async function wordsMatch(
  database: Database,
  keyring: Keyring,
  claim: string,
  { note: id, sha256 }: KeptWords,
): Promise<'match' | 'differ' | 'gone'> {
  const row = await database.note.findUnique({ where: { id }, select: { party: true } });
  const key = row ? await partyKey(database, claim, row.party) : undefined;
  const note =
    row && key !== undefined
      ? (await notesOf(database, keyring, claim, row.party)).find((each) => each.id === id)
      : undefined;
  if (!note || key === undefined) return 'gone';
  return hashOfWords(key, keyring, note.text) === sha256 ? 'match' : 'differ';
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
