import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { documentKinds, ruleFor } from '../../domain/documents/requirements.ts';
import { itemOf, partyOf, type Claim } from '../../domain/claim/claim.ts';
import { denied } from '../../domain/denial.ts';
import type { ActName } from '../../domain/claim/acts.ts';
import { staffSender } from '../../domain/claim/sender.ts';
import type { Recorded } from '../own-api/schemas/acts.ts';
import { isOnRecord, untilKept } from '../../records/claims/stored-claim.ts';
import type { ActAnswer } from '../../workflows/contract.ts';
import type { SignedMessage } from '../engine/act.ts';
import type { Unavailable } from '../engine/faults.ts';
import { colleagueOf, mayNotAct } from './authentication.ts';
import { meantKind } from './document-names.ts';
import { findClaim, whenUp, type ApiContext, type Found } from './context.ts';
import { signAct } from './signing.ts';
import { engineDown, isProblem, problem, problemOf, unknownClaim, type ApiProblem } from './problem.ts';

const key = z.string().regex(/^[\x21-\x7e]{1,100}$/);

/** A claim that this person may act on: it exists, it is open, and the records can check the person. */
export async function openClaim(
  context: ApiContext,
  request: FastifyRequest,
  number: string,
): Promise<Found | ApiProblem> {
  const found = await anyClaim(context, request, number);
  return !isProblem(found) && found.claim.outcome ? closed(found.claim.number, found.claim.outcome) : found;
}

/** The same for a claim that may have closed. */
export async function anyClaim(
  context: ApiContext,
  request: FastifyRequest,
  number: string,
): Promise<Found | ApiProblem> {
  const barred = mayNotAct(colleagueOf(request));
  if (barred) return barred;
  return findClaim(context, number);
}

interface ActToSend {
  claim: string;
  act: ActName;
  /** `messageId` of the request. */
  id: string;
  content: Record<string, unknown>;
}

/** How long the records may take to have what a claim has decided, before it is asked again. */
const keptWithinMs = 1_000;
const actWithinMs = 10_000;

/**
 * Signs the act, sends it to the claim, and answers once the records have its result. The claim reads exactly
 * what was signed. One that no workflow runs is taken up from the records for it. A run that does not own the
 * claim, such as one that was reset, stores nothing: the act is then sent again under its id, and decided by
 * the run that does.
 */
export async function perform(
  context: ApiContext,
  request: FastifyRequest,
  { claim: number, act: name, id, content }: ActToSend,
): Promise<Recorded | ApiProblem> {
  const message = await signAct(context, request, {
    claim: number,
    act: name,
    id,
    fields: withoutGaps(content),
  });
  if (isProblem(message)) return message;
  const from = staffSender(colleagueOf(request).code);
  for (const until = Date.now() + actWithinMs; Date.now() < until;) {
    const answer = await sent(context, number, name, message);
    if (isProblem(answer)) return answer;
    // What is to be tried again may be the storing itself.
    if (name === 'retry' || answer.kind === 'unavailable' || answer.entry === undefined)
      return answered(answer);
    const kept = await whenUp(
      untilKept(context.database, number, { seq: answer.entry, id, from }, keptWithinMs),
    );
    if (kept === 'kept') return answered(answer);
    if (kept === 'down') break;
  }
  return notKept();
}

/** Sends it to the run of the claim, or to a new one where there is none. */
async function sent(
  { claims, database }: ApiContext,
  number: string,
  name: ActName,
  message: SignedMessage,
): Promise<ActAnswer | Unavailable | ApiProblem> {
  const answer = await claims.act(number, name, message);
  if (answer.kind !== 'ended' && answer.kind !== 'unknown') return answer;
  return (await isOnRecord(database, number)) ? claims.actAnew(number, name, message) : unknownClaim(number);
}

const notKept = (): ApiProblem =>
  problem(
    503,
    'The claim has taken the message, and the records do not have it yet. ' +
      'Send it again in a minute, with the same Idempotency-Key if it had one: it counts once.',
  );

function answered(answer: ActAnswer | Unavailable): Recorded | ApiProblem {
  switch (answer.kind) {
    case 'recorded':
      return answer;
    case 'denied':
      return problemOf(answer);
    default:
      return engineDown();
  }
}

/** The request's Idempotency-Key is the id of the message, so that a repeated request counts once. */
export function messageId({ headers }: FastifyRequest): string | ApiProblem {
  const given = headers['idempotency-key'];
  return given === undefined ? randomUUID() : (key.safeParse(given).data ?? wrongIdempotencyKey());
}

const wrongIdempotencyKey = (): ApiProblem =>
  problem(
    400,
    'The header Idempotency-Key must be 1 to 100 visible characters, another one for each message.',
    { field: 'idempotency-key' },
  );

/**
 * The problem with an item, party or document that is unknown to the claim. It is found before anything is
 * sent, so that a typing error leaves no journal entry.
 */
export function unknownName(
  { claim, pack }: Found,
  {
    item,
    party,
    document,
    documents = [],
  }: { item?: string; party?: string; document?: string; documents?: string[] },
): ApiProblem | undefined {
  const { number, line } = claim;
  if (item !== undefined && !itemOf(claim, item))
    return problemOf(
      denied(
        'unknown-item',
        `Claim ${number} has no item "${shortened(item)}"; it has ${idsOf(claim.items)}.`,
      ),
    );
  if (party !== undefined && !partyOf(claim, party))
    return problemOf(
      denied(
        'unknown-party',
        `Claim ${number} has no party "${shortened(party)}"; it has ${idsOf(claim.parties)}.`,
      ),
    );
  const strange = [...(document === undefined ? [] : [document]), ...documents].find(
    (kind) => !ruleFor(kind, pack),
  );
  return strange === undefined
    ? undefined
    : problemOf(denied('unknown-document', strangeDocument(strange, line, documentKinds(pack))));
}

function strangeDocument(strange: string, line: string, known: string[]): string {
  const kind = shortened(strange);
  const meant = meantKind(kind, known);
  const guess = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return `document "${kind}" is not one that ${line} claims know${guess}; they know ${known.join(', ')}.`;
}

const closed = (number: string, outcome?: Claim['outcome']): ApiProblem =>
  problemOf(
    denied(
      'claim-closed',
      `Claim ${number} is closed${outcome ? ` (${outcome})` : ''}; a supervisor or manager may reopen it.`,
    ),
  );

/** JSON has no undefined, and what is signed is what arrives. */
const withoutGaps = (content: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));

const shortened = (text: string): string => text.slice(0, 50);

const idsOf = (list: { id: string }[]): string => list.map(({ id }) => id).join(', ');
