import { isUnreadable } from '../unreadable-payload.ts';
import { denied, type Denied } from '../denial.ts';
import { hashIfAny, hashOf } from '../hash.ts';
import { isSigned, isUnproven, type Signed, type Signer, type UnprovenWhy } from '../signed-payload.ts';
import type { Instant } from '../time/time.ts';
import { isActName, isOpenAct, type ActName } from './acts.ts';
import { codePattern } from './fields.ts';
import type { Message } from './journal.ts';
import { reports, type ReportName } from './reports.ts';
import { senderOf } from './sender.ts';

/** A message as the claim takes it. `signer` and `signedAt` are absent where nobody signed it. */
export interface Arrived {
  kind: 'arrived';
  message: Message;
  fields: object;
  signer?: Signer;
  signedAt?: Instant;
}

/**
 * Reads what arrived under a name at a claim. The codec says who signed what; here it is compared with where
 * it arrived. Fields are read later, by the reader of the act or report.
 */
export function arrivedAt(claim: string, name: string, payload: unknown): Arrived | Denied {
  if (isUnreadable(payload))
    return denied(
      'unreadable',
      `The message could not be decrypted (${payload.why}); ` +
        `send it through the API, or through the Temporal UI with its codec server.`,
    );
  if (isUnproven(payload)) return denied('forged-proof', unproven[payload.why]);
  return isSigned(payload) ? signedMessage(claim, name, payload) : unsignedMessage(name, payload);
}

const unproven: Record<UnprovenWhy, string> = {
  malformed: 'The proof is malformed; send the message through the API.',
  'unknown-signer': 'The key that signed the message is not certified; send the message through the API.',
  certificate: 'The certificate of the signing key is malformed; send the message through the API.',
  signature:
    'The message was changed after it was signed, or somebody else signed it; send it through the API.',
  'outside-certificate': 'The signing key was not valid at the time of the message; send it through the API.',
};

function signedMessage(claim: string, name: string, { statement, proof }: Signed): Arrived | Denied {
  const { id, by, at, fields } = statement;
  if (statement.claim !== claim) return denied('forged-proof', 'The proof is for another claim.');
  if (statement.act !== name) return denied('forged-proof', 'The proof is for another act.');
  return {
    kind: 'arrived',
    message: { id, from: senderOf(by), content: contentOf(name, fields), proof },
    fields,
    signer: by,
    signedAt: at,
  };
}

function unsignedMessage(name: string, payload: unknown): Arrived | Denied {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return denied('malformed', 'A message is one JSON object with an "id" and its fields.');
  const { id, ...fields }: { id?: unknown } = payload;
  if (typeof id !== 'string' || id.length > 100 || !codePattern.test(id))
    return denied(
      'malformed',
      'id: must be 1 to 100 letters, digits and . _ : / -, another one for each message.',
    );
  const content = hashIfAny({ name, fields });
  return content === undefined
    ? denied('malformed', 'The message has a text that is not well-formed Unicode, or too many levels.')
    : { kind: 'arrived', message: { id, from: senderOf(undefined), content }, fields };
}

/** Two messages of one id are the same when their names and fields are. */
export const contentOf = (name: string, fields: object): string => hashOf({ name, fields });

/** The denial for a sender who may not send this message; undefined for one who may. */
export function mayNotSend(name: ActName | ReportName, signer: Signer | undefined): Denied | undefined {
  if (isActName(name)) {
    if (signer?.kind === 'staff' || (!signer && isOpenAct(name))) return undefined;
    return signer
      ? denied('may-not-send', `Only a member of staff may send "${name}".`)
      : denied(
          'no-proof',
          'The message has no proof of its sender; use the API or bin/lipei, which sign it. ' +
            'An act typed into the Temporal UI decides nothing.',
        );
  }
  const from: readonly string[] = reports[name].from;
  if (!signer)
    return denied(
      'no-proof',
      `Only ${from.join(' or ')} may report "${name}", through the API, which signs it.`,
    );
  const reporter = signer.kind === 'provider' ? signer.name : signer.kind;
  return from.includes(reporter)
    ? undefined
    : denied('may-not-send', `Only ${from.join(' or ')} may report "${name}", not ${reporter}.`);
}
