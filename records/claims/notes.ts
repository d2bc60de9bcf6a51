import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../database.ts';
import type { Keyring } from '../../security/keyring.ts';
import { seal, unseal } from '../../security/sealing.ts';
import type { Note } from '../../client/own-api/schemas/personal.ts';

const written = z.object({ text: z.string() });
const contextOf = (claim: string, id: string): string => `${claim}/note/${id}`;

/**
 * Seals a note under the key of its claim's first party, so that erasing this party also erases the notes.
 * Undefined when the party was erased.
 */
export async function keepNote(
  database: Database,
  keyring: Keyring,
  { claim, by, text }: { claim: string; by: string; text: string },
): Promise<{ id: string; forget(): Promise<void> } | undefined> {
  const party = await database.party.findFirst({ where: { claim, id: 'party-1' } });
  if (!party || party.key === '') return undefined;
  const id = randomUUID();
  await database.note.create({
    data: {
      id,
      claim,
      by,
      party: party.id,
      sealed: seal(party.key, keyring, { text }, contextOf(claim, id)),
    },
  });
  return { id, forget: async () => void (await database.note.deleteMany({ where: { id } })) };
}

/**
 * Keeps a text from a party under the party's own key, once for each id. Gives the note's id; undefined when
 * the party was erased.
 */
export async function keepLetterOf(
  database: Database,
  keyring: Keyring,
  { claim, party, id, text }: { claim: string; party: string; id: string; text: string },
): Promise<string | undefined> {
  const row = await database.party.findUnique({
    where: { claim_id: { claim, id: party } },
    select: { key: true },
  });
  if (!row || row.key === '') return undefined;
  await database.note.createMany({
    data: [{ id, claim, by: party, party, sealed: seal(row.key, keyring, { text }, contextOf(claim, id)) }],
    skipDuplicates: true,
  });
  return id;
}

/** The oldest first, without erased notes. */
export async function notesOf(database: Database, keyring: Keyring, claim: string): Promise<Note[]> {
  const [notes, parties] = await Promise.all([
    database.note.findMany({ where: { claim }, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
    database.party.findMany({ where: { claim }, select: { id: true, key: true } }),
  ]);
  const keys = new Map(parties.map(({ id, key }) => [id, key]));
  return notes.flatMap(({ id, by, at, party, sealed }) => {
    const key = keys.get(party);
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
