import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { calendarProblems } from '../../../config/holidays/coverage.ts';
import { instantOf } from '../../../domain/time/time.ts';
import type { FromSource } from '../../../records/policies/from-source.ts';
import { keyFaults } from '../../../records/keys/register-keys.ts';
import { healthSchema, type HealthPart } from '../../own-api/schemas/records.ts';
import { whenUp, type ApiContext } from '../context.ts';
import { signingFault } from '../signing.ts';
import { present } from '../../../domain/present.ts';

/**
 * The health of each part; the reasons are for staff, because they name keys and machines. The status is
 * always 200: without the records claims can still be filed.
 */
export function healthRoutes(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags: ['about'],
    summary: 'The health of each part; with a token also the reasons',
    response: { 200: healthSchema },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/health', { config: { open: true, saysMoreToStaff: true }, schema }, async ({ colleague }) => {
      const parts = await Promise.all([
        engine(context),
        worker(context),
        records(context),
        attachments(context),
        keys(context),
        calendars(),
        ...(context.policies ? [policySource(context.policies)] : []),
      ]);
      return {
        status: parts.every(({ ok }) => ok) ? ('ok' as const) : ('degraded' as const),
        parts: colleague ? parts : parts.map(({ name, ok }) => ({ name, ok })),
      };
    });
}

const part = (name: string, ok: boolean, detail: string): HealthPart => ({
  name,
  ok,
  ...present({ detail: ok ? undefined : detail }),
});

const engine = async ({ claims }: ApiContext): Promise<HealthPart> =>
  part('engine', await claims.isReachable(), 'Temporal does not answer: nothing can be filed or decided.');

/** Without a worker claims are filed, and do not move. `waiting` tells an import to slow down. */
async function worker({ claims }: ApiContext): Promise<HealthPart> {
  const load = await claims.load();
  const ok = load.kind === 'known' && load.workers > 0;
  return {
    ...part(
      'worker',
      ok,
      'No worker asks for tasks: claims can be filed, and do not move until a worker runs.',
    ),
    ...present({ waiting: load.kind === 'known' ? load.waiting : undefined }),
  };
}

const records = async ({ database }: ApiContext): Promise<HealthPart> =>
  part(
    'records',
    (await inTime(whenUp(database.$queryRaw`SELECT 1`))) !== 'down',
    'PostgreSQL does not answer: claims can be filed, and nothing else.',
  );

/** Any answer is one, also that it has no such policy. */
async function policySource({ source }: FromSource): Promise<HealthPart> {
  const answer = await inTime(source.ask('LIPEI-HEALTH'));
  return part(
    'policy source',
    answer !== 'down' && answer.kind !== 'away',
    'The source of policies does not answer: claims can be filed, and the cover of a policy that is not in ' +
      'the book waits.',
  );
}

/** A frozen server accepts connections and never answers. */
const inTime = <T>(answer: Promise<T>): Promise<T | 'down'> =>
  Promise.race([answer, pause(3_000, 'down' as const, { ref: false })]);

const attachments = async ({ attachmentsFolder }: ApiContext): Promise<HealthPart> =>
  part(
    'attachments',
    await access(attachmentsFolder, constants.W_OK).then(
      () => true,
      () => false,
    ),
    'The folder of attachments cannot be written: documents cannot be added.',
  );

/** Without the records the needed keys are unknown. */
async function keys({ signing, database, keyring, roots }: ApiContext): Promise<HealthPart> {
  const faults = await inTime(whenUp(keyFaults(database, { keyring, roots })));
  const signature = signingFault(signing, new Date());
  const sentences = [
    ...(signature === undefined ? [] : [signature]),
    ...(faults === 'down' ? [] : faults.map(({ sentence }) => sentence)),
  ];
  return part('keys', sentences.length === 0, sentences.join(' '));
}

/**
 * Without a list the law counts, so a list that ends, or has ended, is no fault: the part is well, and says
 * what to do. A wrong file is one, because no claim can be opened.
 */
function calendars(): HealthPart {
  const found = calendarProblems(instantOf(Date.now()));
  return {
    name: 'calendars',
    ok: found.every(({ state }) => state !== 'wrong'),
    ...present({ detail: found.map(({ problem }) => problem).join(' ') || undefined }),
  };
}
