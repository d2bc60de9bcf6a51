import { strictFields } from '../../../config/field-sentences.ts';
import type { z } from 'zod';
import { partyFieldSchemas, phoneNumber, phoneRight } from '../../../config/notice/party-fields.ts';
import { optionalShape, removableShape } from '../../../config/shape-of.ts';
import type { Claim } from '../../../domain/claim/claim.ts';
import { party as aParty } from '../../../domain/claim/fields.ts';
import {
  claimFields,
  columnFields,
  correctableFields,
  inWords,
  picked,
  removableFields,
  sealedFields,
  type ColumnField,
  type CorrectableField,
  type PartyFieldName,
  type SealedField,
} from '../../../domain/people/party-fields.ts';
import { changeContact, readContact, type Change } from '../../../records/parties/contacts.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problem, type ApiProblem } from '../problem.ts';
import { code } from '../schemas.ts';
import { door, type Door } from './door.ts';

export const erased = (): ApiProblem =>
  problem(409, "The party's personal data have been erased; nothing can be changed.");

const body = strictFields({
  party: code(aParty.help, aParty.max),
  ...optionalShape(partyFieldSchemas, correctableFields),
  ...removableShape(partyFieldSchemas, removableFields),
}).meta({ description: 'Each given field is changed; null removes it' });

/** Corrects a contact. The claim gets codes only; numbers and addresses stay in the records, sealed. */
export const correctContact: Door = door(body, async (given, { context, found: { claim }, perform }) => {
  const { party } = given;
  const change = await changeOf(context, claim, given);
  if (isProblem(change)) return change;
  const answer = await changeContact(
    context.database,
    context.keyring,
    { claim: claim.number, party, change: change.change },
    (changed) => perform({ party, ...changed, ...picked(given, claimFields) }),
  );
  return answer.kind === 'erased' ? erased() : answer;
});

/** Reads a telephone number in the notation of the party's country. */
async function changeOf(
  { database, keyring }: ApiContext,
  { number: claim, jurisdiction: country }: Claim,
  given: z.output<typeof body>,
): Promise<{ kind: 'change'; change: Change } | ApiProblem> {
  if (correctableFields.every((name) => given[name] === undefined))
    return problem(400, `The body must say what is corrected: ${inWords(correctableFields)}.`);
  const change = picked(given, [...sealedFields, ...columnFields].filter(isCorrectable));
  const { phone, locale } = given;
  if (phone === undefined || phone === null) return { kind: 'change', change };
  const known = await readContact(database, keyring, claim, given.party);
  const number = phoneNumber(phone, {
    country,
    locale: locale ?? (known && 'locale' in known ? known.locale : undefined),
  });
  if (number === undefined) return problem(400, `phone must be ${phoneRight}.`, { field: 'phone' });
  return { kind: 'change', change: { ...change, phone: number } };
}

const isCorrectable = (name: PartyFieldName): name is CorrectableField & (SealedField | ColumnField) =>
  correctableFields.some((each) => each === name);
