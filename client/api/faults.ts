import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { isDatabaseUnreachable } from '../../records/database-errors.ts';
import { allSentences, type FieldSentence } from '../../config/field-sentences.ts';
import { RulePackUnreadable } from '../../config/rules/unreadable-rules.ts';
import { KeyMissing } from '../../security/key-missing.ts';
import { NotThatEncoding } from './json-body.ts';
import { mistakesIn, problem, recordsDown, sendProblem, type ApiProblem } from './problem.ts';

/** The request does not have the shape that the route takes. */
class Malformed extends Error {
  readonly problem: ApiProblem;

  constructor(whole: string, mistakes: FieldSentence[]) {
    const stated = mistakesIn(whole, 400, mistakes);
    super(stated.detail);
    this.problem = stated;
  }
}

const wholes: Record<string, string> = {
  body: 'The body',
  querystring: 'The query',
  params: 'The address',
  headers: 'The header',
};

/**
 * Reads with a zod schema, and reports all mistakes, one sentence for each field. A missing body is read as
 * an object without fields.
 */
export const readWith =
  ({ schema, httpPart = '' }: { schema: z.ZodType; httpPart?: string }) =>
  (data: unknown) => {
    const parsed = schema.safeParse(httpPart === 'body' ? (data ?? {}) : data);
    if (parsed.success) return { value: parsed.data };
    const whole = wholes[httpPart] ?? 'It';
    return { error: new Malformed(whole, allSentences(parsed.error, whole)) };
  };

/**
 * Answers every thrown fault with a problem document. A fault of ours is logged without its message, which
 * may contain people's input.
 */
export function answerFaults(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((fault, request, reply) => {
    const known = problemIn(fault);
    if (!known)
      request.log.error({ fault: withoutWords(fault), route: request.routeOptions.url }, 'a request failed');
    return sendProblem(
      reply,
      known ??
        problem(
          500,
          'Something failed on our side; operations can find it in the log. ' +
            'Look at the claim to see whether anything was changed.',
        ),
    );
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, notFound(request)));
}

function problemIn(fault: FastifyError): ApiProblem | undefined {
  if (fault instanceof Malformed) return fault.problem;
  if (fault instanceof NotThatEncoding) return problem(400, fault.sentence);
  if (isDatabaseUnreachable(fault)) return recordsDown();
  if (fault instanceof RulePackUnreadable)
    return problem(
      503,
      `The rules ${fault.part}, which this claim runs under, cannot be read here; nothing was changed. ` +
        'Operations must put the right file back into rules/.',
    );
  if (fault instanceof KeyMissing)
    return problem(503, `${fault.message} Then look at the claim to see whether anything was changed.`);
  switch (fault.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return problem(400, 'The body must be JSON; it is not.');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem(413, 'The body is larger than this address takes; most take 1 MB.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problem(415, 'The Content-Type must be application/json.');
    case 'FST_FILES_LIMIT':
      return problem(400, 'The form must hold one file only.', { field: 'file' });
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
      return problem(400, 'The form must hold file, document and item only.');
    default:
      return fault.statusCode === 400 || fault instanceof SyntaxError
        ? problem(400, 'The request is not well formed.')
        : undefined;
  }
}

function notFound({ url, method }: FastifyRequest): ApiProblem {
  const act = /^\/claims\/[^/]+\/acts\//.test(url);
  return problem(
    404,
    act
      ? 'There is no such act; /openapi.json lists all acts.'
      : `There is no ${method} route at this address; /openapi.json lists all routes.`,
  );
}

/** The place and the kind of a fault, without its message. */
const withoutWords = ({ name, code, stack = '' }: FastifyError) => ({
  name,
  code,
  at: stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim()),
});
