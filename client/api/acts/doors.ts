import { z } from 'zod';
import { must } from '../../../config/field-sentences.ts';
import { claimedAmount, claimedMinor } from '../../../config/notice/claimed-amount.ts';
import { lossMistake, lossText } from '../../../config/notice/loss-date.ts';
import { partyFieldSchemas } from '../../../config/notice/party-fields.ts';
import { policyNumber } from '../../../config/notice/schema.ts';
import { acts, type ActName } from '../../../domain/claim/acts.ts';
import { itemOf } from '../../../domain/claim/claim.ts';
import {
  item as anItem,
  notification as aNotification,
  party as aParty,
} from '../../../domain/claim/fields.ts';
import { present } from '../../../domain/present.ts';
import { signOffs } from '../../../domain/road/steps.ts';
import { instantOf, msOf } from '../../../domain/time/time.ts';
import { unknownPolicy } from '../../../records/claims/intake.ts';
import { keepNote } from '../../../records/claims/notes.ts';
import { recipientOf } from '../../../records/messages/notifications.ts';
import { keepAccount } from '../../../records/parties/contacts.ts';
import { colleagueOf } from '../authentication.ts';
import { whenUp } from '../context.ts';
import { isProblem, problem, type ApiProblem } from '../problem.ts';
import { fields, text } from '../schemas.ts';
import { bodyOf, contentOf, type Content } from './body.ts';
import { correctContact, erased } from './contact.ts';
import { door, type Door, type Errand } from './door.ts';

const itemName = text(anItem.help, anItem.max);
const partyName = text(aParty.help, aParty.max);
const notificationName = text(aNotification.help, aNotification.max);

const assessedAmount = claimedAmount.meta({
  description: 'In the claim\'s currency, such as 4800 or "4800.00"',
});
/** Why the assessment is below what is claimed, part by part. */
const cuts = z
  .array(
    fields({ reason: text('a reason code, such as depreciation', 100), amount: assessedAmount.optional() }),
    { error: must('a list of cuts, each with a reason and an amount') },
  )
  .max(20, 'must be a list of at most 20 cuts')
  .refine(
    (given) => given.filter(({ amount }) => amount === undefined).length <= 1,
    'may leave out the amount of one cut only: that one is the rest of the difference',
  );

/** Whoever names no version signs the assessment as it is now. */
const signing = door(
  fields({
    item: itemName,
    version: z
      .int({ error: must("the assessment's version, a whole number") })
      .nonnegative()
      .optional(),
  }),
  ({ item, version }, { found, perform }) =>
    perform({ item, version: version ?? itemOf(found.claim, item)?.assessment?.version ?? 0 }),
);

/** Acts for which people write something else than the claim is told: amounts, accounts, words. */
const ownDoors: Partial<Record<string, Door>> = {
  ...Object.fromEntries(Object.keys(signOffs).map((step) => [step, signing])),

  assess: door(
    fields({ item: itemName, amount: assessedAmount, cuts: cuts.optional() }),
    async (given, errand) => {
      const content = assessment(given, errand);
      return isProblem(content) ? content : errand.perform(content);
    },
  ),

  /** The claim knows codes only; who works here, and as what, is known here. */
  'hand-over': door(
    fields({
      to: text('a staff code, such as H-001', 50),
      role: z.enum(['handler', 'surveyor'], { error: must('handler or surveyor') }).default('handler'),
    }),
    async ({ to, role }, { context: desk, perform }) => {
      const person = desk.staff.colleague(to);
      if (!person?.active)
        return problem(422, `to must be the staff code of somebody who works here; "${to}" is not.`, {
          field: 'to',
        });
      return person.roles.includes(role)
        ? perform({ to, role })
        : problem(422, `to must be a ${role}; ${to} is not.`, { field: 'to' });
    },
  ),

  'resend-notification': door(
    fields({ notification: notificationName }),
    async ({ notification }, { context: desk, found, perform }) => {
      const party = await recipientOf(desk.database, found.claim.number, notification);
      return party
        ? perform({ notification, party })
        : problem(
            422,
            'notification must name a message to a party of this claim, as claims show lists them; ' +
              `"${notification}" does not.`,
            { field: 'notification' },
          );
    },
  ),

  'correct-claim': door(
    fields({
      policy: policyNumber.optional(),
      lossAt: lossText.optional(),
      item: itemName.optional(),
      claimed: claimedAmount.optional(),
    }),
    async (given, errand) => {
      const content = await correction(given, errand);
      return isProblem(content) ? content : errand.perform(content);
    },
  ),

  'correct-contact': correctContact,

  /** The claim hears a fingerprint; the account stays in the records, sealed. */
  'set-payee': door(
    fields({ item: itemName, account: partyFieldSchemas.account, party: partyName.optional() }),
    async ({ item, account, party: other }, { context: desk, found: { claim }, perform }) => {
      const party = other ?? itemOf(claim, item)?.party ?? '';
      const kept = await keepAccount(desk.database, desk.keyring, { claim: claim.number, party, account });
      return kept.kind === 'erased' ? erased() : perform({ item, party, account: kept.fingerprint });
    },
  ),

  /** Notes are words about people, so the claim hears only that there is one. */
  'add-note': door(
    fields({ text: text('a note of up to 5000 characters', 5000) }),
    async ({ text: words }, { context: desk, request, found: { claim }, perform }) => {
      const note = await keepNote(desk.database, desk.keyring, {
        claim: claim.number,
        by: colleagueOf(request).code,
        text: words,
      });
      if (!note)
        return problem(409, 'The personal data of this claim have been erased; no note can be added.');
      const answer = await perform({ note: note.id });
      if (isProblem(answer) && answer.status !== 503) await note.forget();
      return answer;
    },
  ),
};

/** How an act is taken: by its fields, unless people write something else. */
export const doorOf = (name: ActName): Door => ownDoors[name] ?? byFields(name);

function byFields(name: ActName): Door {
  const { fields: of } = acts[name];
  return door(bodyOf(of), (given, { perform }) => perform(contentOf(of, given)));
}

interface Assessed {
  item: string;
  amount: string | number;
  cuts?: { reason: string; amount?: string | number | undefined }[] | undefined;
}

/** A cut without an amount is what the others leave of the difference. */
function assessment(
  { item, amount, cuts: given }: Assessed,
  { found: { claim } }: Pick<Errand, 'found'>,
): Content | ApiProblem {
  const minor = (written: string | number, field: string) => claimedMinor(written, claim.currency, field);
  const assessed = minor(amount, 'amount');
  if (assessed.kind !== 'read') return problem(422, assessed.sentence, { field: 'amount' });
  if (!given) return { item, amountMinor: assessed.minor };
  const read = given.map(({ reason, amount: part }, index) => ({
    reason,
    part: part === undefined ? undefined : minor(part, `cuts.${index}.amount`),
  }));
  const wrong = read.map(({ part }) => part).find((part) => part?.kind === 'malformed');
  if (wrong?.kind === 'malformed') return problem(422, wrong.sentence, { field: wrong.field });
  const parts = read.map(({ reason, part }) => ({
    reason,
    minor: part?.kind === 'read' ? part.minor : undefined,
  }));
  const rest =
    (itemOf(claim, item)?.claimedMinor ?? 0) -
    assessed.minor -
    parts.reduce((sum, part) => sum + (part.minor ?? 0), 0);
  return {
    item,
    amountMinor: assessed.minor,
    cuts: parts.map((part) => ({ reason: part.reason, minor: part.minor ?? Math.max(0, rest) })),
  };
}

interface Corrected {
  policy?: string | undefined;
  lossAt?: string | undefined;
  item?: string | undefined;
  claimed?: string | number | undefined;
}

async function correction(
  { policy, lossAt: at, item, claimed }: Corrected,
  { found: { claim }, context: { database } }: Errand,
): Promise<Content | ApiProblem> {
  if (policy === undefined && at === undefined && item === undefined && claimed === undefined)
    return problem(400, 'The body must say what is corrected: policy, lossAt, or item with claimed.');
  const lacking = item === undefined ? 'item' : 'claimed';
  if ((item === undefined) !== (claimed === undefined))
    return problem(400, `${lacking} is missing: a claimed amount is corrected with both item and claimed.`, {
      field: lacking,
    });
  const lossAt = at === undefined ? undefined : instantOf(msOf(at));
  const mistake = lossAt === undefined ? undefined : lossMistake(lossAt, instantOf(Date.now()));
  if (mistake) return problem(422, mistake.sentence, { field: mistake.field });
  const known = policy === undefined ? 1 : await whenUp(database.policy.count({ where: { number: policy } }));
  if (known === 0) return problem(422, unknownPolicy.sentence, { field: unknownPolicy.field });
  const rest = present({ policy, lossAt });
  if (item === undefined || claimed === undefined) return rest;
  const read = claimedMinor(claimed, claim.currency, 'claimed');
  return read.kind === 'read'
    ? { ...rest, item: { id: item, claimedMinor: read.minor } }
    : problem(422, read.sentence, { field: 'claimed' });
}
