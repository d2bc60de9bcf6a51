import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { bankWebhook } from './webhooks/bank.ts';
import { startInboundMail } from './webhooks/inbound-mail.ts';
import { postman } from './webhooks/postman.ts';
import { twilioWebhook } from './webhooks/twilio.ts';
import { unsubscribeWebhook } from './webhooks/unsubscribe.ts';
import { present } from '../../domain/present.ts';
import { doorkeeper } from './authentication.ts';
import { claimsByTheirTail } from './claim-by-tail.ts';
import type { ApiContext } from './context.ts';
import { answerFaults, readWith } from './faults.ts';
import { importing } from './importing.ts';
import { askForPolicies } from './policy-asking.ts';
import { readJsonAsDeclared } from './json-body.ts';
import { takePlansInTime } from './plans.ts';
import { countRequests } from './limits.ts';
import { keepLooks } from './looks.ts';
import { describeApi } from './openapi.ts';
import { isProblem, problem, sendProblem } from './problem.ts';
import { staffWatch } from './staff-watch.ts';
import { actRoutes } from './routes/acts.ts';
import { archiveRoutes } from './routes/archives.ts';
import { claimRoutes } from './routes/claims.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { frontRoutes } from './routes/front.ts';
import { filingRoutes } from './routes/filing.ts';
import { handOverRoutes } from './routes/hand-overs.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { historyRoutes } from './routes/histories.ts';
import { keyRoutes } from './routes/keys.ts';
import { personalRoutes } from './routes/personal/routes.ts';
import { previewRoutes } from './routes/previews.ts';
import { problemRoutes } from './routes/problems.ts';
import { resumeRoutes } from './routes/resume.ts';
import { recordActRoutes } from './routes/record-acts.ts';
import { recordCheckRoutes } from './routes/record-checks.ts';
import { recordRoutes } from './routes/records.ts';
import { retentionRoutes } from './routes/retention.ts';
import { sampleRoutes } from './routes/samples.ts';
import { staffChangeRoutes } from './routes/staff-changes.ts';
import { staffRoutes } from './routes/staff.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { workRoutes } from './routes/work.ts';

/** The HTTP API with its webhooks and the server for mail that comes back. The caller makes it listen. */
export async function createApi(context: ApiContext): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: context.log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (_, request, reply) => void strangeAddress(request, reply),
    ...present({ trustProxy: context.trustedProxies }),
  });
  app.removeContentTypeParser('text/plain');
  readJsonAsDeclared(app);
  app.setValidatorCompiler(readWith);
  app.setSerializerCompiler(serializerCompiler);
  answerFaults(app);
  await guard(app, context);
  app.addHook('preHandler', claimsByTheirTail(context));
  await describeApi(app, context.publicUrl);
  keepLooks(app, context);
  const post = postman(context);
  const watch = staffWatch(context);
  for (const routes of [
    frontRoutes,
    healthRoutes,
    filingRoutes,
    claimRoutes,
    workRoutes,
    actRoutes,
    handOverRoutes,
    recordActRoutes,
    previewRoutes,
    personalRoutes,
    erasureRoutes,
    problemRoutes,
    resumeRoutes,
    staffRoutes,
    staffChangeRoutes,
    historyRoutes,
    recordRoutes,
    sampleRoutes,
    recordCheckRoutes,
    archiveRoutes,
    retentionRoutes,
    keyRoutes,
    tokenRoutes,
  ])
    await routes(app, context, post);
  const asking = askForPolicies({ ...context, policies: context.policies }, post);
  const imports = importing(context);
  importRoutes(app, context, imports);
  const plans = takePlansInTime(context);
  const bounces =
    context.inboundMail && (await startInboundMail({ ...context, ...context.inboundMail }, post));
  app.addHook('onClose', async () => {
    const all = [post, watch, asking, plans, bounces, imports.runner];
    await Promise.all(all.map((each) => each?.stop()));
  });
  for (const webhook of [twilioWebhook, bankWebhook, unsubscribeWebhook])
    await app.register(async (scope) => webhook(scope, context, post));
  return app;
}

/** An address that the router cannot read comes past the hooks. */
async function strangeAddress(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const excess = await request.server.tooMany(request, 'open');
  sendProblem(reply.headers(guarded), excess ?? problem(400, 'The address is not well formed.'));
}

/** Nothing is kept, guessed at, shown in a page of others, or passed on with the address. */
const guarded = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Identifies the person and counts the request before it reads the body. Logs each answer without the
 * contents of the request.
 */
async function guard(app: FastifyInstance, { tokenKey, staff, limits }: ApiContext): Promise<void> {
  await countRequests(app, limits);
  const ask = doorkeeper(tokenKey, staff);
  app.decorateRequest('colleague');
  app.addHook('onRequest', async (_, reply) => void reply.headers(guarded));
  app.addHook('onRequest', async (request, reply) => {
    const { open, limit, saysMoreToStaff } = request.routeOptions.config;
    const needsToken = !open && !request.is404;
    const mayHaveToken = saysMoreToStaff && request.headers.authorization !== undefined;
    const answer = needsToken || mayHaveToken ? await ask(request) : undefined;
    const isDenied = answer !== undefined && isProblem(answer);
    const guesses = isDenied ? await app.tooMany(request, 'failed') : undefined;
    if (guesses) return sendProblem(reply, guesses);
    if (isDenied && needsToken) return sendProblem(reply, answer);
    if (answer && !isDenied) request.colleague = answer.colleague;
    const excess = await app.tooMany(request, limit ?? (needsToken ? 'person' : 'open'));
    return excess && sendProblem(reply, excess);
  });
  app.addHook('onResponse', async ({ method, routeOptions, colleague, log }, { statusCode, elapsedTime }) => {
    log.info(
      {
        method,
        route: routeOptions.url,
        status: statusCode,
        ms: Math.round(elapsedTime),
        by: colleague?.code,
      },
      'answered',
    );
  });
}
