import type { Database } from '../../records/database.ts';
import { keepSentMessage, moveMessage } from '../../records/messages/ledger.ts';
import { openFiles } from '../../records/parties/recipients.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Renderer } from '../../wording/renderer/renderer.ts';
import { prepare } from '../messages/prepare.ts';
import { ledgerStateOf, type NamedMessage } from './in-histories.ts';

interface Parts {
  database: Database;
  keyring: Keyring;
  renderer: Renderer;
}

/**
 * Gives each message that went out, or may have, its line in the ledger again, so that it is not sent again
 * and its delivery report is known. The text is rendered anew from the same template and facts, for the
 * party's present contact in the records. Such a line has no attempt.
 */
export async function ledgerPutBack(
  { database, keyring, renderer }: Parts,
  messages: ReadonlyMap<string, NamedMessage>,
): Promise<void> {
  const lost = await lostOnes(database, [...messages.values()]);
  for (const { about, notification, now, state } of lost) {
    const files = await openFiles(database, keyring, about, [notification]);
    const prepared = prepare({ keyring, renderer }, files, { about, notification, now });
    if (prepared?.intended.sealed !== undefined)
      await keepSentMessage(database, prepared.intended, state, now);
    else if (state === 'accepted')
      await moveMessage(database, `${about.number}/${notification.id}`, 'accept');
  }
}

const referenceOf = ({ about, notification }: NamedMessage): string => `${about.number}/${notification.id}`;

type Lost = NamedMessage & { state: 'accepted' | 'unknown' };

/** Those that the ledger does not have as sent. */
async function lostOnes(database: Database, messages: NamedMessage[]): Promise<Lost[]> {
  const sent = messages.flatMap((each): Lost[] => {
    const state = ledgerStateOf(each);
    return state === undefined ? [] : [{ ...each, state }];
  });
  const rows = await database.notification.findMany({
    where: {
      reference: { in: sent.map(referenceOf) },
      state: { notIn: ['planned', 'sending', 'retryable'] },
    },
    select: { reference: true },
  });
  return sent.filter((each) => rows.every(({ reference }) => reference !== referenceOf(each)));
}
