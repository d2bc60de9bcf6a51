import { ApplicationFailure } from '@temporalio/common';
import type { MessageState } from '../../domain/messages/ledger.ts';
import type { UndeliverableWhy } from '../../domain/messages/notifications.ts';
import { reasonNotSent, type ReasonNotSent } from '../../domain/messages/reasons.ts';
import { present } from '../../domain/present.ts';
import type { SendAnswer } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import { contactTurnedOut, isContactLost, moveMessage } from '../../records/messages/ledger.ts';
import { isStillTheirs } from '../../records/parties/addressed.ts';
import type { Sender, SendOutcome } from './contract.ts';

/** Suppresses a message, in its row if it has one. A message that was sent already keeps its outcome. */
export async function suppressed(
  sender: Sender,
  reference: string,
  reason: ReasonNotSent,
): Promise<SendOutcome> {
  const { database } = sender;
  if (await moveMessage(database, reference, 'suppress', { code: reason }))
    return { kind: 'suppressed', reason };
  const row = await database.notification.findUnique({ where: { reference }, select: { state: true } });
  return row ? keptNow(sender, reference) : { kind: 'suppressed', reason };
}

/**
 * The outcome of a row that may no longer be sent. A worker that stopped during the sending leaves a message
 * that may have been sent.
 */
export async function keptOutcome(
  sender: Sender,
  reference: string,
  { state, code, runs }: { state: MessageState; code: string | null; runs?: boolean | null },
): Promise<SendOutcome> {
  switch (state) {
    case 'sending':
      if (runs) throw new Error(`${reference} is being sent`);
      await moveMessage(sender.database, reference, 'lose', { code: 'sender-died' });
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
        why: (await isContactLost(sender.database, reference)) ? await blamed(sender, reference) : 'content',
        code: code ?? state,
      };
  }
}

/** A contact that the party no longer has is not marked as lost. */
const blamed = async ({ database, keyring }: Sender, reference: string): Promise<UndeliverableWhy> =>
  (await isStillTheirs(database, keyring, reference)) ? 'contact' : 'content';

/** A message that this channel does not send: another one is tried, unless the message is not needed. */
function turnedDown(code: string): SendOutcome {
  const reason = reasonNotSent(code);
  return reason?.next === 'another-channel'
    ? { kind: 'undeliverable', why: reason.why, code }
    : { kind: 'suppressed', reason: code };
}

/**
 * Records the provider's answer. If it rejects our account and not the recipient, the message was certainly
 * not sent, and waits until people repair that.
 */
export async function keepOutcome(
  sender: Sender,
  reference: string,
  answer: SendAnswer,
): Promise<SendOutcome> {
  const { database } = sender;
  const isOurFault = answer.kind === 'rejected' && answer.why === 'configuration';
  const move = {
    accepted: 'accept',
    rejected: isOurFault ? 'postpone' : 'reject',
    busy: 'postpone',
    unknown: 'lose',
  } as const;
  if (answer.kind === 'rejected' && !isOurFault) await noteContactFault(database, reference, answer);
  const isMoved = await moveMessage(database, reference, move[answer.kind], answer);
  // A delivery report arrived first: the row has a later state already, and that counts.
  if (!isMoved) return keptNow(sender, reference);
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
          message: `${reference}: the provider rejects our account (${answer.code})`,
        });
      return {
        kind: 'undeliverable',
        code: answer.code,
        why: answer.why === 'content' ? 'content' : await blamed(sender, reference),
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

export async function keptNow(sender: Sender, reference: string): Promise<SendOutcome> {
  const {
    state,
    errorCode: code,
    leaseUntil,
  } = await sender.database.notification.findUniqueOrThrow({ where: { reference } });
  return keptOutcome(sender, reference, {
    state: state as MessageState,
    code,
    runs: leaseUntil !== null && leaseUntil > new Date(),
  }); // oxlint-disable-line no-unsafe-type-assertion -- only `moves` writes it
}

const longestWaitSeconds = 3600;
const usualWaitSeconds = 5;

/** The type of a failure that alarms operations at once, because no message can be sent. */
const providerRejectsUs = 'ProviderRejectsUs';

export const alarming = (fault: unknown): unknown =>
  fault instanceof ApplicationFailure && fault.type === providerRejectsUs
    ? ApplicationFailure.nonRetryable(fault.message, providerRejectsUs)
    : fault;

export const waitOf = (fault: unknown): number =>
  fault instanceof ApplicationFailure && typeof fault.details?.[0] === 'number'
    ? fault.details[0]
    : usualWaitSeconds;

/** Tried again when the provider says, or else by the activity's retries. */
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
