import { ApplicationFailure } from '@temporalio/common';
import type { MessageState } from '../../domain/messages/ledger.ts';
import type { UndeliverableWhy } from '../../domain/messages/notifications.ts';
import { reasonNotSent, type ReasonNotSent } from '../../domain/messages/reasons.ts';
import { present } from '../../domain/present.ts';
import type { SendAnswer } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import { contactTurnedOut, isContactLost, moveMessage } from '../../records/messages/ledger.ts';
import { isStillTheirs } from '../../records/parties/addressed.ts';
import type { Desk, SendOutcome } from './contract.ts';

/** It is not sent. Its row says so, if it has one; what went out already did. */
export async function suppressed(desk: Desk, reference: string, reason: ReasonNotSent): Promise<SendOutcome> {
  const { database } = desk;
  if (await moveMessage(database, reference, 'suppress', { code: reason }))
    return { kind: 'suppressed', reason };
  const row = await database.notification.findUnique({ where: { reference }, select: { state: true } });
  return row ? keptNow(desk, reference) : { kind: 'suppressed', reason };
}

/** What a row that nobody may send any more says; a sender that died leaves one that may be out. */
export async function keptOutcome(
  desk: Desk,
  reference: string,
  { state, code, runs }: { state: MessageState; code: string | null; runs?: boolean | null },
): Promise<SendOutcome> {
  switch (state) {
    case 'sending':
      if (runs) throw new Error(`${reference} is being sent`);
      await moveMessage(desk.database, reference, 'lose', { code: 'sender-died' });
      return { kind: 'uncertain', code: 'sender-died' };
    case 'unknown':
      return { kind: 'uncertain', code: code ?? '' };
    case 'accepted':
    case 'delivered':
      return { kind: 'accepted' };
    case 'suppressed':
      return turnedDown(code ?? '');
    case 'planned':
    case 'retryable':
      throw new Error(`${reference} is to be sent again`);
    default:
      return {
        kind: 'undeliverable',
        why: (await isContactLost(desk.database, reference)) ? await blamed(desk, reference) : 'content',
        code: code ?? state,
      };
  }
}

/** A contact that they no longer have is not lost to them. */
const blamed = async ({ database, keyring }: Desk, reference: string): Promise<UndeliverableWhy> =>
  (await isStillTheirs(database, keyring, reference)) ? 'contact' : 'content';

/** What is not sent by this channel: another may bring it, unless nobody need hear it. */
function turnedDown(code: string): SendOutcome {
  const reason = reasonNotSent(code);
  return reason?.next === 'another-channel'
    ? { kind: 'undeliverable', why: reason.why, code }
    : { kind: 'suppressed', reason: code };
}

/**
 * A provider that refuses us, not the recipient, holds the message: people must mend that, and it was
 * certainly not sent.
 */
export async function keepOutcome(desk: Desk, reference: string, answer: SendAnswer): Promise<SendOutcome> {
  const { database } = desk;
  const isOurFault = answer.kind === 'rejected' && answer.why === 'configuration';
  const move = {
    accepted: 'accept',
    rejected: isOurFault ? 'postpone' : 'reject',
    busy: 'postpone',
    unknown: 'lose',
  } as const;
  if (answer.kind === 'rejected' && !isOurFault) await noteContactFault(database, reference, answer);
  const isMoved = await moveMessage(database, reference, move[answer.kind], answer);
  // A receipt came before this line: then the row is further on already, and what it says holds.
  if (!isMoved) return keptNow(desk, reference);
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'accepted' };
    case 'unknown':
      return { kind: 'uncertain', code: answer.code };
    case 'busy':
      throw busy(reference, answer);
    default:
      if (isOurFault)
        throw ApplicationFailure.create({
          type: providerRejectsUs,
          message: `${reference}: the provider refuses us (${answer.code})`,
        });
      return {
        kind: 'undeliverable',
        code: answer.code,
        why: answer.why === 'content' ? 'content' : await blamed(desk, reference),
      };
  }
}

const noteContactFault = async (
  database: Database,
  reference: string,
  { why, code }: Extract<SendAnswer, { kind: 'rejected' }>,
): Promise<void> =>
  why === 'content'
    ? undefined
    : contactTurnedOut(database, reference, why === 'opted-out' ? 'opted-out' : 'unusable', code);

export async function keptNow(desk: Desk, reference: string): Promise<SendOutcome> {
  const {
    state,
    errorCode: code,
    leaseUntil,
  } = await desk.database.notification.findUniqueOrThrow({ where: { reference } });
  return keptOutcome(desk, reference, {
    state: state as MessageState,
    code,
    runs: leaseUntil !== null && leaseUntil > new Date(),
  }); // oxlint-disable-line no-unsafe-type-assertion -- only `moves` writes it
}

const longestWaitSeconds = 3600;
const usualWaitSeconds = 5;

/** The type of a failure that tells operations at once: nothing that is sent gets through. */
const providerRejectsUs = 'ProviderRejectsUs';

export const alarming = (fault: unknown): unknown =>
  fault instanceof ApplicationFailure && fault.type === providerRejectsUs
    ? ApplicationFailure.nonRetryable(fault.message, providerRejectsUs)
    : fault;

export const waitOf = (fault: unknown): number =>
  fault instanceof ApplicationFailure && typeof fault.details?.[0] === 'number'
    ? fault.details[0]
    : usualWaitSeconds;

/** Tried again when the provider says so, where it does; else as the activity's retries have it. */
export function busy(
  reference: string,
  { code, retryAfterSeconds }: { code: string; retryAfterSeconds?: number },
): ApplicationFailure {
  const seconds = retryAfterSeconds
    ? Math.min(Math.max(retryAfterSeconds, 1), longestWaitSeconds)
    : undefined;
  return ApplicationFailure.create({
    message: `${reference}: the provider is busy (${code})`,
    type: 'ProviderBusy',
    ...present({
      nextRetryDelay: seconds === undefined ? undefined : (`${seconds} seconds` as const),
      details: seconds === undefined ? undefined : [seconds],
    }),
  });
}
