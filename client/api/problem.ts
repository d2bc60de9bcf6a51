import type { FastifyReply } from 'fastify';
import { isClaimNumber } from '../../domain/ids.ts';
import type { FieldSentence } from '../../config/field-sentences.ts';
import type { DenialReason, Denied } from '../../domain/denial.ts';
import { problemSchema, type ProblemDocument } from '../own-api/schemas/problems.ts';
import { present } from '../../domain/present.ts';

/**
 * Why something was not done (RFC 9457). `detail` is one sentence that names the field and what would be
 * right.
 */
export interface ApiProblem {
  kind: 'problem';
  status: ProblemStatus;
  detail: string;
  /** `parties[0].phone`. */
  field?: string;
  /** Where the claim itself refused. */
  reason?: DenialReason;
  /** Everything that is wrong, where it is more than one thing; `detail` then says it all. */
  problems?: FieldSentence[];
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
  500: 'A fault of ours',
  503: 'Not reachable now',
} as const;

const document = {
  description: 'Why it was not done (RFC 9457)',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** In every route's description. */
export const problems = { '4xx': document, '5xx': document };

export const problem = (
  status: ProblemStatus,
  detail: string,
  more: Pick<ApiProblem, 'field' | 'reason'> = {},
): ApiProblem => ({ kind: 'problem', status, detail, ...more });

/** All that is wrong with what came in; `whole` names it: `The notice of loss`. */
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
    'The claims engine does not answer right now; what was sent may still arrive. Send it again in a minute, with the same Idempotency-Key if it had one: it counts once.',
  );

/**
 * A claim's refusal as a problem. What names something that is not there, or is malformed, can be put right;
 * the rest is as things stand.
 */
export const problemOf = ({ reason, sentence }: Pick<Denied, 'reason' | 'sentence'>): ApiProblem =>
  problem(statuses[reason] ?? 409, sentence, { reason });

const statuses: Partial<Record<DenialReason, ProblemStatus>> = {
  role: 403,
  'unknown-person': 403,
  malformed: 422,
  'unknown-item': 422,
  'unknown-document': 422,
  'unknown-party': 422,
  'unknown-code': 422,
  unexplained: 422,
  unavailable: 503,
};

/** The document that goes out. */
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
  if (what.status === 503) reply.header('retry-after', '10');
  return reply.code(what.status).type('application/problem+json').send(problemDocument(what));
}

export const isProblem = (value: object): value is ApiProblem => 'kind' in value && value.kind === 'problem';

export const unknownClaim = (number: string): ApiProblem => problem(404, `There is no claim ${number}.`);

/** What isn't formed like a claim number isn't repeated: it may be anything. */
export const unknownClaimNumber = (text: string): ApiProblem =>
  isClaimNumber(text)
    ? unknownClaim(text)
    : problem(404, 'There is no such claim: a claim number looks like L7K3M-9Q2X4.');
