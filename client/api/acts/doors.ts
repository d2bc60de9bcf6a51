import { present } from '../../../domain/present.ts';
import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { claimedAmount } from '../../../config/notice/claimed-amount.ts';
import { lossText } from '../../../config/notice/loss-date.ts';
import { accountMistake, partyFieldSchemas } from '../../../config/notice/party-fields.ts';
import { causeSchema, itemSchema, policyNumber } from '../../../config/notice/schema.ts';
import { acts, type ActName } from '../../../domain/claim/acts.ts';
import { appointedRoles, itemOf } from '../../../domain/claim/claim.ts';
import {
  item as anItem,
  notification as aNotification,
  party as aParty,
} from '../../../domain/claim/fields.ts';
import { signOffs } from '../../../domain/road/steps.ts';
import { settleProposals } from '../../../records/claims/follow-ups.ts';
import { recipientOf } from '../../../records/messages/notifications.ts';
import { erasedParties } from '../../../records/parties/erasure.ts';
import { keepAccount } from '../../../records/parties/contacts.ts';
import { colleagueOf } from '../authentication.ts';
import { isProblem, problem } from '../problem.ts';
import { code } from '../schemas.ts';
import { assessedAmount, assessment, cuts } from './assessment.ts';
import { bodyOf, contentOf, type Content } from './body.ts';
import { recordCall } from './call.ts';
import { correction, keepCorrectedPlate } from './correction.ts';
import { correctContact, erased } from './contact.ts';
import { joining } from './joining.ts';
import { onRecord } from './on-record.ts';
import { door, type Door } from './door.ts';
import { withKeptWords } from './words.ts';

const staffName = code('a staff code, such as C-301', 50);
const itemName = code(anItem.help, anItem.max);
const partyName = code(aParty.help, aParty.max);
const notificationName = code(aNotification.help, aNotification.max);

/** Without a version the signature is for the current assessment. */
const signing = door(
  strictFields({
    item: itemName,
    version: z
      .int({ error: must("the assessment's version, a whole number") })
      .nonnegative()
      .optional(),
  }),
  ({ item, version }, { found, perform }) =>
    perform({ item, version: version ?? itemOf(found.claim, item)?.assessment?.version ?? 0 }),
);

/** Acts whose body differs from the message to the claim: amounts, accounts. */
const ownDoors: Partial<Record<string, Door>> = {
  ...Object.fromEntries(Object.keys(signOffs).map((step) => [step, signing])),

  assess: door(
    strictFields({ item: itemName, amount: assessedAmount, cuts: cuts.optional() }),
    async (given, errand) => {
      const content = assessment(given, errand);
      return isProblem(content) ? content : errand.perform(content);
    },
  ),

  /** The claim has staff codes only; the records know the people. */
  'hand-over': door(
    strictFields({
      to: staffName,
      role: z.enum(['handler', 'surveyor'], { error: must('handler or surveyor') }).default('handler'),
    }),
    async ({ to, role }, errand) => {
      const as = await onRecord(to, role, errand);
      return isProblem(as) ? as : errand.perform({ to, role, as: as.as });
    },
  ),

  appoint: door(
    strictFields({
      to: staffName,
      role: z.enum(appointedRoles, { error: must(`one of ${appointedRoles.join(', ')}`) }),
      reason: code('a reason code, such as conflict-in-the-branch'),
    }),
    async ({ to, role, reason }, errand) => {
      const as = await onRecord(to, role, errand);
      return isProblem(as) ? as : errand.perform({ to, role, reason, as: as.as });
    },
  ),

  'resend-notification': door(
    strictFields({ notification: notificationName }),
    async ({ notification }, { context: { database }, found, perform }) => {
      const party = await recipientOf(database, found.claim.number, notification);
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
    strictFields({
      policy: policyNumber.optional(),
      lossAt: lossText.optional(),
      cause: causeSchema.optional(),
      item: itemName.optional(),
      claimed: claimedAmount.optional(),
      plate: itemSchema.shape.plate,
    }),
    async (given, errand) => {
      const content = await correction(given, errand);
      if (isProblem(content)) return content;
      const answer = await errand.perform(content);
      if (!isProblem(answer)) await keepCorrectedPlate(given, errand);
      return answer;
    },
  ),

  /** The follow-ups that proposed it are done with it. */
  reopen: {
    ...door(bodyOf(acts.reopen.fields), async (given, errand) => {
      const { context, request, found } = errand;
      const gone = await erasedParties(context.database, found.claim.number);
      const ofThese = found.claim.items.filter(({ id }) => isNamed(given, id));
      const erasedItem = ofThese.find(({ party }) => gone.includes(party));
      if (erasedItem)
        return problem(
          409,
          `The personal data of ${erasedItem.party}, whose item ${erasedItem.id} is, have been erased: ` +
            'nobody could be written to or paid, so it is not reopened. Name the items of others.',
        );
      const answer = await withKeptWords(acts.reopen.fields, given, errand);
      if (!isProblem(answer))
        await settleProposals(context.database, {
          claim: found.claim.number,
          by: colleagueOf(request).code,
        });
      return answer;
    }),
    isForClosed: true,
  },

  'correct-contact': correctContact,

  'record-call': recordCall,

  'join-claims': joining,

  /** The claim gets a mark. The account stays in the records, sealed. */
  'set-payee': door(
    strictFields({
      item: itemName,
      account: partyFieldSchemas.account,
      holder: partyFieldSchemas.accountHolder.optional(),
      party: partyName.optional(),
    }),
    async (
      { item, account, holder, party: other },
      { context: { database, keyring }, found: { claim }, perform },
    ) => {
      const mistake = accountMistake(account, 'account', claim.jurisdiction);
      if (mistake) return problem(422, mistake.sentence, { field: 'account' });
      const party = other ?? itemOf(claim, item)?.party ?? '';
      const kept = await keepAccount(database, keyring, { claim: claim.number, party, account, holder });
      return kept.kind === 'erased'
        ? erased()
        : perform({ item, party, account: kept.of, ...present({ holder: kept.holder }) });
    },
  ),
};

/** Without a list of items all are meant. */
const isNamed = ({ items }: Content, id: string): boolean => !Array.isArray(items) || items.includes(id);

/** The door of an act: its own, or else one made from its fields. */
export const doorOf = (name: ActName): Door => ownDoors[name] ?? byFields(name);

function byFields(name: ActName): Door {
  const { fields: of } = acts[name];
  return door(bodyOf(of), (given, errand) => withKeptWords(of, contentOf(of, given), errand));
}
