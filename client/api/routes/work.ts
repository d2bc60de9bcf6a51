import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readingRules } from '../../../config/reading.ts';
import { present } from '../../../domain/present.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { cursorOf } from '../../../records/claims/cursor.ts';
import { workOf } from '../../../records/claims/work.ts';
import { readContacts } from '../../../records/parties/contacts.ts';
import { recordListLook } from '../../../records/parties/personal-looks.ts';
import { namesOf } from '../../../records/staff/names.ts';
import type { Colleague } from '../../../records/staff/staff.ts';
import { workQuery } from '../../own-api/schemas/lists.ts';
import { taskSchema, type Task } from '../../own-api/schemas/work.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pagesOf } from '../paging.ts';
import { problems, sendProblem } from '../problem.ts';

/** The tasks of one person. */
export function workRoutes(app: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  const pages = pagesOf(context);
  const schema = {
    tags: ['claims'],
    summary: 'The tasks that you may take, the oldest first',
    querystring: workQuery,
    response: { 200: z.array(taskSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/work', { schema }, async (request, reply) => {
    const colleague = colleagueOf(request);
    const { limit, contacts } = request.query;
    const barred = barredFrom(colleague, 'look-at-claims');
    if (barred) return sendProblem(reply, barred);
    const cursor = pages.endBefore(request, cursorOf('instant', 'text', 'text'));
    if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
    const page = { limit, now: instantOf(Date.now()), ...present({ after: cursor }) };
    const { tasks, next } = await workOf(database, colleague, page);
    pages.linkToNext(request, reply, next);
    const named = await withColleagues(context, tasks);
    return contacts ? withContacts(context, colleague, named) : named;
  });
}

/** Adds the names of the colleagues that the tasks name. */
async function withColleagues({ database }: ApiContext, tasks: Task[]): Promise<Task[]> {
  const { staff } = await namesOf(database, {
    staff: tasks.flatMap(({ others, inPlaceOf }) =>
      [...others.map(({ code }) => code), inPlaceOf ?? []].flat(),
    ),
  });
  return tasks.map((task) => ({
    ...task,
    others: task.others.map((each) => ({ ...each, ...present({ name: staff.get(each.code) }) })),
    ...present({ inPlaceOfName: staff.get(task.inPlaceOf ?? '') }),
  }));
}

/** Adds the contacts that the tasks need. The records have who looked at which. */
async function withContacts(
  { database, keyring, log }: ApiContext,
  colleague: Colleague,
  tasks: Task[],
): Promise<Task[]> {
  const calls = tasks.flatMap(({ claim, party }) => (party === undefined ? [] : [{ claim, party }]));
  if (calls.length === 0) return tasks;
  const look = { claims: calls.map(({ claim }) => claim), what: 'contacts of a work list', purpose: 'call' };
  await recordListLook(database, { by: colleague, because: 'task', ...look }, readingRules.listMinutes);
  const known = await readContacts(database, keyring, calls);
  return tasks.map((task) => {
    const contact = known.get(`${task.claim}/${task.party}`);
    if (!contact) return task;
    log.info({ by: colleague.code, claim: task.claim, what: 'contact' }, 'personal data read');
    const { name, phone, locale, timeZone } = contact;
    return { ...task, contact: { name, locale, timeZone, ...present({ phone }) } };
  });
}
