import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must } from '../../../config/field-sentences.ts';
import {
  claimedAmount,
  claimedMinor,
  lossMistake,
  lossText,
  policyNumber,
} from '../../../config/notice-schema.ts';
import { itemOf } from '../../../domain/claim/claim.ts';
import { callOutcomes } from '../../../domain/claim/journal.ts';
import { itemSteps } from '../../../domain/road/steps.ts';
import { instantOf, isLocalDate, msOf } from '../../../domain/time/time.ts';
import type { ActName } from '../../../domain/claim/acts.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { recordedSchema } from '../../own-api/schemas/acts.ts';
import { unknownPolicy } from '../../../records/claims/intake.ts';
import { recipientOf } from '../../../records/messages/notifications.ts';
import { openClaim, perform, unknownName } from '../acting.ts';
import { whenUp, type Desk, type Found } from '../desk.ts';
import { isProblem, problem, problems, sendProblem, type Problem } from '../problem.ts';
import { claimParams, fields, text } from '../schemas.ts';
import { present } from '../../../domain/present.ts';

type Content = Record<string, unknown>;

/** One thing that people do to a claim: what the API takes, and what the workflow is told. */
interface Act<Fields extends z.ZodType<Content>> {
  name: ActName;
  /** Where it is taken otherwise than the workflow's own description says. */
  summary?: string;
  fields: Fields;
  /** Where the workflow reads something else than what people write: minor units, instants in UTC. */
  content?: (
    given: z.output<Fields>,
    found: Found,
    desk: Desk,
  ) => Content | Problem | Promise<Content | Problem>;
}

const itemName = text('an item of the claim, such as item-1', 50);
const partyName = text('a party of the claim, such as party-1', 50);
const documentKind = text('a kind of document, such as driving-licence', 100);
const notificationName = text('a notification of the claim, such as formal-notice-1-letter', 100);
const several = (right: string) =>
  z
    .array(text(right), { error: must(`a list: ${right}`) })
    .min(1, `must be a list with at least one entry: ${right}`)
    .max(20, `must be a list of at most 20: ${right}`);
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
const day = 'a day such as 2026-11-27, or a date and time with its zone';

/** Each act's route: `POST /claims/:no/acts/<the update's name in kebab case>`. */
export function actRoutes(app: FastifyInstance, desk: Desk): void {
  const add = <Fields extends z.ZodType<Content>>(act: Act<Fields>): void => actRoute(app, desk, act);
  const document = fields({ document: documentKind, item: itemName.optional() });

  add({ name: 'accept-document', fields: document });
  add({
    name: 'reject-document',
    fields: fields({
      document: documentKind,
      item: itemName.optional(),
      reason: text('a reason for the customer to read, of up to 500 characters'),
    }),
  });
  add({ name: 'waive-document', fields: document });
  add({
    name: 'report-survey',
    fields: fields({
      onScene: z.boolean({ error: must('true or false') }),
      report: text('what was found, in up to 500 characters').optional(),
    }),
  });
  add({
    name: 'assess',
    summary: 'A handler or surveyor fixes the loss of an item',
    fields: fields({ item: itemName, amount: assessedAmount, cuts: cuts.optional() }),
    content: assessment,
  });
  add({
    name: 'verify',
    fields: fields({
      item: itemName,
      version: z
        .int({ error: must("the assessment's version, a whole number") })
        .nonnegative()
        .optional(),
    }),
    content: ({ item, version }, { claim }) => ({
      item,
      version: version ?? itemOf(claim, item)?.assessment?.version ?? 0,
    }),
  });
  add({
    name: 'approve',
    fields: fields({
      item: itemName,
      of: text('what is approved: the item\'s "of" as the claim shows it', 100),
    }),
  });
  add({
    name: 'return-for-rework',
    fields: fields({
      item: itemName,
      to: z.enum(itemSteps, { error: must(`one of ${itemSteps.join(', ')}`) }),
      reason: text('a reason code, such as price-too-high', 100),
      documents: several('kinds of documents that are wrong').optional(),
    }),
  });
  add({
    name: 'refuse',
    fields: fields({
      item: itemName,
      clause: text('the clause that is cited, such as not-in-force', 100),
      reasons: several('reasons'),
    }),
  });
  add({
    name: 'record-call',
    fields: fields({
      party: partyName,
      outcome: z.enum(callOutcomes, { error: must(`one of ${callOutcomes.join(', ')}`) }),
      promised: z
        .string({ error: must(day) })
        .refine((given) => isLocalDate(given) || lossText.safeParse(given).success, {
          error: `must be ${day}`,
        })
        .optional(),
      documents: several('kinds of documents that are promised').optional(),
    }),
    content: ({ promised, ...rest }) => ({
      ...rest,
      ...present({
        promised: promised === undefined || isLocalDate(promised) ? promised : instantOf(msOf(promised)),
      }),
    }),
  });
  add({
    name: 'hand-over',
    fields: fields({
      to: text('a staff code, such as H-001', 50),
      role: z.enum(['handler', 'surveyor'], { error: must('handler or surveyor') }).default('handler'),
    }),
    content: takerOver,
  });
  add({ name: 'resend-notification', fields: fields({ notification: notificationName }), content: resent });
  add({ name: 'withdraw', fields: fields({ item: itemName.optional() }) });
  add({ name: 'cancel-withdrawal', fields: fields({}) });
  add({
    name: 'correct-claim',
    fields: fields({
      policy: policyNumber.optional(),
      lossAt: lossText.optional(),
      item: itemName.optional(),
      claimed: claimedAmount.optional(),
    }),
    content: correction,
  });
  add({ name: 'post-letter', fields: fields({ notification: notificationName }) });
}

function actRoute<Fields extends z.ZodType<Content>>(
  app: FastifyInstance,
  desk: Desk,
  { name, summary = actInWords(name), fields: body, content = (given) => given }: Act<Fields>,
): void {
  const schema = {
    tags: ['acts'],
    summary,
    params: claimParams,
    body,
    response: { 200: recordedSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(`/claims/:no/acts/${name}`, { schema }, async (request, reply) => {
      const { no } = request.params;
      const found = await openClaim(desk, request, no);
      if (isProblem(found)) return sendProblem(reply, found);
      const given = body.parse(request.body);
      const strange = unknownName(found, named(given));
      if (strange) return sendProblem(reply, strange);
      const told = await content(given, found, desk);
      if (isProblem(told)) return sendProblem(reply, told);
      const answer = await perform(desk, request, no, name, told);
      return isProblem(answer) ? sendProblem(reply, answer) : answer;
    });
}

const names = z.object({
  item: z.string().optional(),
  party: z.string().optional(),
  document: z.string().optional(),
  documents: z.array(z.string()).optional(),
});
const named = (given: Content): z.output<typeof names> => names.parse(given);

function minorOf(
  amount: string | number,
  field: string,
  currency: string,
  content: (minor: number) => Content,
): Content | Problem {
  const read = claimedMinor(amount, currency, field);
  return read.kind === 'read' ? content(read.minor) : problem(422, read.sentence, { field });
}

interface Assessed {
  item: string;
  amount: string | number;
  cuts?: { reason: string; amount?: string | number }[];
}

/** A cut without an amount is what the others leave of the difference. */
function assessment({ item, amount, cuts: given }: Assessed, { claim }: Found): Content | Problem {
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

/** The claim knows codes only; who works here, and as what, is known here. */
function takerOver(
  { to, role }: { to: string; role: 'handler' | 'surveyor' },
  _: Found,
  { staff }: Desk,
): Content | Problem {
  const person = staff.colleague(to);
  if (!person?.active)
    return problem(422, `to must be the staff code of somebody who works here; "${to}" is not.`, {
      field: 'to',
    });
  return person.roles.includes(role)
    ? { to, role }
    : problem(422, `to must be a ${role}; ${to} is not.`, { field: 'to' });
}

async function resent(
  { notification }: { notification: string },
  { claim }: Found,
  { database }: Desk,
): Promise<Content | Problem> {
  const party = await recipientOf(database, claim.number, notification);
  return party
    ? { notification, party }
    : problem(
        422,
        `notification must name a message to a party of this claim, as claims show lists them; "${notification}" does not.`,
        { field: 'notification' },
      );
}

interface Corrected {
  policy?: string;
  lossAt?: string;
  item?: string;
  claimed?: string | number;
}

async function correction(
  { policy, lossAt: at, item, claimed }: Corrected,
  { claim }: Found,
  { database }: Desk,
): Promise<Content | Problem> {
  if (policy === undefined && at === undefined && item === undefined && claimed === undefined)
    return problem(400, 'The body must say what is corrected: policy, lossAt, or item with claimed.');
  if ((item === undefined) !== (claimed === undefined))
    return problem(
      400,
      `${item === undefined ? 'item' : 'claimed'} is missing: a claimed amount is corrected with both item and claimed.`,
      { field: item === undefined ? 'item' : 'claimed' },
    );
  const lossAt = at === undefined ? undefined : instantOf(msOf(at));
  const mistake = lossAt === undefined ? undefined : lossMistake(lossAt, instantOf(Date.now()));
  if (mistake) return problem(422, mistake.sentence, { field: mistake.field });
  const known = policy === undefined ? 1 : await whenUp(database.policy.count({ where: { number: policy } }));
  if (known === 0) return problem(422, unknownPolicy.sentence, { field: unknownPolicy.field });
  const rest = present({ policy, lossAt });
  if (item === undefined || claimed === undefined) return rest;
  return minorOf(claimed, 'claimed', claim.currency, (minor) => ({
    ...rest,
    item: { id: item, claimedMinor: minor },
  }));
}
