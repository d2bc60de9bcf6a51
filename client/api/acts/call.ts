import { acts } from '../../../domain/claim/acts.ts';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { contactTurns } from '../../../records/messages/contact-status.ts';
import { readContact } from '../../../records/parties/contacts.ts';
import { colleagueOf } from '../authentication.ts';
import { isProblem } from '../problem.ts';
import { bodyOf, contentOf, type Content } from './body.ts';
import { door, type Door, type Errand } from './door.ts';

const { fields } = acts['record-call'];

/** Records a call. A wrong number is also lost for every other claim where the same number stands. */
export const recordCall: Door = door(bodyOf(fields), async (given, errand) => {
  const content = contentOf(fields, given);
  const number = content.outcome === 'wrong-number' ? await calledNumber(content, errand) : undefined;
  const answer = await errand.perform(content);
  if (!isProblem(answer) && number !== undefined) await isWrong(number, errand);
  return answer;
});

/** The number of the party at the time of the call; undefined when there is none, or when it was erased. */
async function calledNumber(
  { party }: Content,
  { context: { database, keyring }, found }: Errand,
): Promise<string | undefined> {
  const known = await readContact(database, keyring, found.claim.number, String(party));
  return known && !('kind' in known) ? known.phone : undefined;
}

/** Nothing is sent to the number from now on. A repeated request counts once. */
async function isWrong(
  number: string,
  { context: { database, keyring }, postman, request, found, id: message }: Errand,
): Promise<void> {
  const by = colleagueOf(request).code;
  const id = `wrong-number:${found.claim.number}:${by}:${message}`;
  const reached = await contactTurns(database, keyring, {
    id,
    contact: (await contactHashing(database, keyring))(number),
    channel: 'sms',
    kind: 'unusable',
    source: 'a call: wrong number',
    code: 'wrong-number',
    by,
  });
  await postman
    .forward(...reached.map(({ claim, party }) => `${id}:${claim}:${party}`))
    .catch(() => request.log.warn('a wrong number is forwarded to its claims later'));
}
