import type { FastifyReply } from 'fastify';
import { isClaimNumber } from '../../domain/ids.ts';
import type { FieldSentence } from '../../config/field-sentences.ts';
import type { DenialReason, Denied } from '../../domain/denial.ts';
import type { WhyNotRead } from '../../domain/people/reading.ts';
import { problemSchema, type ProblemDocument } from '../own-api/schemas/problems.ts';
import { present } from '../../domain/present.ts';

/**
 * The reason for a failed request (RFC 9457). `detail` is one sentence with the field and its valid values.
 */
export interface ApiProblem {
  kind: 'problem';
  status: ProblemStatus;
  detail: string;
  /** `parties[0].phone`. */
  field?: string;
  /** The claim's own reason, if the claim denied the message; why personal data are not shown. */
  reason?: DenialReason | WhyNotRead;
  /** All mistakes, if there are several; `detail` then has all their sentences. */
  problems?: FieldSentence[];
  /** After so many seconds the request may be sent again. */
  retryAfter?: number;
}

export type ProblemStatus = keyof typeof titles;

const titles = {
  400: 'Malformed',
  401: 'Not authenticated',
  403: 'Not permitted',
  404: 'Not found',
  409: 'Refused',
  413: 'Too large',
  415: 'Wrong kind of content',
  422: 'Cannot be done as asked',
  429: 'Too many requests',
  500: 'A fault of ours',
  503: 'Not reachable now',
} as const;

const document = {
  description: 'The reason for the failure (RFC 9457)',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** For every route's description. */
export const problems = { '4xx': document, '5xx': document };

export const problem = (
  status: ProblemStatus,
  detail: string,
  more: Pick<ApiProblem, 'field' | 'reason'> = {},
): ApiProblem => ({ kind: 'problem', status, detail, ...more });

/** All mistakes in an input as one problem; `whole` names the input: `The notice of loss`. */
export function mistakesIn(whole: string, status: 400 | 422, mistakes: FieldSentence[]): ApiProblem {
  const [first] = mistakes;
  if (!first) return problem(status, `${whole} is malformed.`);
  if (mistakes.length === 1) return problem(status, first.sentence, { field: first.field });
  const sentences = mistakes.map(({ sentence }) => sentence).join(' ');
  return {
    ...problem(status, `${whole} has ${mistakes.length} mistakes. ${sentences}`, { field: first.field }),
    problems: mistakes,
  };
}

export const recordsDown = (): ApiProblem =>
  problem(503, 'The records cannot be reached right now; nothing was changed. Try again in a minute.');

export const engineDown = (): ApiProblem =>
  problem(
    503,
    'The claims engine does not answer right now; the message may still arrive. ' +
      'Send it again in a minute, with the same Idempotency-Key if it had one: it counts once.',
  );

/**
 * A claim's denial as a problem. Status 422 is for a message that can be corrected, 409 for one that
 * conflicts with the state of the claim.
 */
export const problemOf = ({ reason, sentence }: Pick<Denied, 'reason' | 'sentence'>): ApiProblem =>
  problem(statuses[reason] ?? 409, sentence, { reason });

const statuses: Partial<Record<DenialReason, ProblemStatus>> = {
  role: 403,
  'unknown-person': 403,
  'may-not-send': 403,
  malformed: 422,
  'id-used': 422,
  'unknown-item': 422,
  'unknown-document': 422,
  'unknown-party': 422,
  'unknown-code': 422,
  unexplained: 422,
  unavailable: 503,
};

/** The document as it is sent. */
const problemDocument = ({ status, detail, field, reason, problems: all }: ApiProblem): ProblemDocument => ({
  type: `urn:lipei:problem:${titles[status].toLowerCase().replaceAll(' ', '-')}`,
  title: titles[status],
  status,
  detail,
  ...present({
    field: field || undefined,
    reason,
    problems: all?.map(({ field: at, sentence }) => ({ field: at, detail: sentence })),
  }),
});

export function sendProblem(reply: FastifyReply, what: ApiProblem): FastifyReply {
  if (what.status === 401) reply.header('www-authenticate', 'Bearer');
  const retryAfter = what.retryAfter ?? (what.status === 503 ? 10 : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  return reply.code(what.status).type('application/problem+json').send(problemDocument(what));
}

export const isProblem = (value: object): value is ApiProblem => 'kind' in value && value.kind === 'problem';

export const unknownClaim = (number: string): ApiProblem => problem(404, `There is no claim ${number}.`);

/** Does not repeat a text without the form of a claim number: it may be anything. */
export const unknownClaimNumber = (text: string): ApiProblem =>
  isClaimNumber(text)
    ? unknownClaim(text)
    : problem(404, 'There is no such claim: a claim number looks like L7K3M-9Q2X4.');
