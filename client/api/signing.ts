import type { FastifyRequest } from 'fastify';
import type { ClaimNumber } from '../../domain/ids.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import type { ReportName, Reporter } from '../../domain/claim/reports.ts';
import { filingFields, type Beside } from '../../domain/claim/filing.ts';
import { denied } from '../../domain/denial.ts';
import type { Proof, Signer } from '../../domain/signed-payload.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { SignedLine } from '../../records/journal/signed-lines.ts';
import { authorityOf } from '../../records/staff/authority.ts';
import { contactSecret } from '../../security/contact-hash.ts';
import { markingWith } from '../../security/marks.ts';
import { endOf, howToCertify } from '../../security/signing-keys.ts';
import { signStatement, type SigningKey } from '../../security/signing.ts';
import type { SignedMessage } from '../engine/act.ts';
import { colleagueOf } from './authentication.ts';
import { whenUp, type ApiContext } from './context.ts';
import { isProblem, problem, problemOf, recordsDown, type ApiProblem } from './problem.ts';

/** The key of this API. A problem when it has none, or when no claim would take what it signs. */
export function signingKey({ signing }: Pick<ApiContext, 'signing'>): SigningKey | ApiProblem {
  const wrong = withoutKey(signing, new Date());
  return signing && !wrong ? signing : problem(503, `${wrong} Nothing was changed.`);
}

/** Why nothing can be signed; undefined when it can. */
export function withoutKey(signing: SigningKey | undefined, now: Date): string | undefined {
  if (!signing) return `This API has no key to sign messages to claims with. ${howToCertify}`;
  return endOf(signing.certificate, now) === 'ended'
    ? `The certificate of this API's signing key ended at ${signing.certificate.until}. ${howToCertify}`
    : undefined;
}

/** What is wrong with the signing key now, or will be soon. */
export function signingFault(signing: ApiContext['signing'], now: Date): string | undefined {
  const wrong = withoutKey(signing, now);
  if (wrong !== undefined) return `${wrong} Until then claims can be looked at, and nothing else.`;
  return signing && endOf(signing.certificate, now) === 'soon'
    ? `The certificate of the signing key ends at ${signing.certificate.until}. ${howToCertify}`
    : undefined;
}

/** Who sends the request and when, as the records know the person now, by their clock. */
interface Known {
  kind: 'known';
  by: Signer;
  at: Instant;
}

async function knownNow(
  { database }: Pick<ApiContext, 'database'>,
  request: FastifyRequest,
  claim: ClaimNumber,
): Promise<Known | ApiProblem | 'down'> {
  const { code } = colleagueOf(request);
  const answer = await whenUp(authorityOf(database, [code], { claim }));
  if (answer === 'down') return 'down';
  const person = answer.people.get(code);
  return person
    ? { kind: 'known', by: { kind: 'staff', ...person }, at: answer.now }
    : problemOf(denied('unknown-person', `${code} is not a member of staff who may act.`));
}

/** Signs a person's act, with the authority that the person has at this moment. */
export async function signAct(
  context: Pick<ApiContext, 'database' | 'signing'>,
  request: FastifyRequest,
  { claim, act, id, fields }: { claim: ClaimNumber; act: string; id: string; fields: object },
): Promise<({ kind: 'signed'; at: Instant } & SignedMessage) | ApiProblem> {
  const key = signingKey(context);
  if (isProblem(key)) return key;
  const known = await knownNow(context, request, claim);
  if (known === 'down') return recordsDown();
  if (isProblem(known)) return known;
  const { by, at } = known;
  return { kind: 'signed', id, at, proof: signStatement(key, { claim, act, id, at, by, fields }) };
}

/** A line that a person signs about the records themselves, for `keepLine`; a claim of `''` is none. */
export async function signLine(
  context: Pick<ApiContext, 'database' | 'signing'>,
  request: FastifyRequest,
  { claim = '', act, fields }: { claim?: ClaimNumber; act: string; fields: object },
): Promise<{ kind: 'line'; line: SignedLine } | ApiProblem> {
  const signed = await signAct(context, request, { claim, act, id: `${act}-${randomUUID()}`, fields });
  if (isProblem(signed)) return signed;
  const { at, proof } = signed;
  const { code } = colleagueOf(request);
  return { kind: 'line', line: { at, by: code, act, proof, ...(claim === '' ? {} : { claim }) } };
}

/**
 * How this person signs a notice of loss for the claim of a number. Filing works without the records: the
 * person is then signed as this API last read the list of staff, without a limit, at the API's time, and the
 * secret of marks is the one that it read with that list.
 */
export async function noticeSigner(
  context: Pick<ApiContext, 'database' | 'keyring' | 'signing' | 'staff'>,
  request: FastifyRequest,
  notice: NoticeOfLoss,
): Promise<((claim: ClaimNumber) => Proof & { beside: Beside }) | ApiProblem> {
  const key = signingKey(context);
  if (isProblem(key)) return key;
  const known = await knownNow(context, request, '');
  if (known !== 'down' && isProblem(known)) return known;
  const { contactKey } = context.staff;
  if (contactKey === undefined) return recordsDown();
  const mark = markingWith(contactSecret(contactKey, context.keyring));
  const { code, roles, branch } = colleagueOf(request);
  const { by, at }: Omit<Known, 'kind'> =
    known === 'down'
      ? { by: { kind: 'staff', code, roles, branch, conflicts: [] }, at: instantOf(Date.now()) }
      : known;
  const beside: Beside = { notice, salt: randomBytes(16).toString('base64url') };
  const [id, fields] = [`file-${randomUUID()}`, filingFields(beside, mark)];
  return (claim) => ({ ...signStatement(key, { claim, act: 'file', id, at, by, fields }), beside });
}

/** Signs a report, after the provider's signature or the keyed address was checked. It never goes stale. */
export function signReport(
  key: SigningKey,
  reporter: Reporter,
  report: { claim: ClaimNumber; name: ReportName; id: string; fields: object },
): SignedMessage {
  const { claim, name, id, fields } = report;
  const by: Signer = reporter === 'system' ? { kind: 'system' } : { kind: 'provider', name: reporter };
  const at = instantOf(Date.now());
  return { id, proof: signStatement(key, { claim, act: name, id, at, by, fields }) };
}
