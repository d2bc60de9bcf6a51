import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { dayIn } from '../../../config/today.ts';
import { actInWords, rolesInWords } from '../../../domain/people/permissions.ts';
import type { AttendanceChange } from '../../../domain/people/staff-changes.ts';
import { present } from '../../../domain/present.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { changeAttendance, type AttendanceAnswer } from '../../../records/staff/changes.ts';
import { attendanceSchema, type Attendance } from '../../own-api/schemas/staff-changes.ts';
import { colleagueOf, mayNotAct } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, mistakesIn, problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { code, nameParam } from '../schemas.ts';
import { signLine } from '../signing.ts';

const day = z.iso.date({ error: must('a date such as 2026-12-24') });
const staffCode = code('a staff code such as C-301', 50);
const dryRun = z.boolean({ error: must('true or false') }).optional();
const params = z.object({ code: nameParam });
const response = { 200: attendanceSchema, ...problems };

/** The body of each address, and the change that it asks for. `today`: where the person works. */
const bodies = {
  absences: {
    summary: 'Record an absence; one on the same days becomes one with it',
    body: strictFields({
      from: day.meta({ description: 'The first day' }),
      until: day.optional().meta({ description: 'The last day; leave it out while nobody knows it' }),
      deputy: staffCode.optional(),
      dryRun,
    }),
  },
  back: {
    summary: 'End an absence, or cancel one that is to come',
    body: strictFields({
      on: day.optional().meta({ description: 'The first day on which they are there; today without it' }),
      dryRun,
    }),
  },
  leaving: {
    summary: 'Record the last day of a person',
    body: strictFields({
      on: day.nullable().meta({ description: 'The last day; null: they stay' }),
      deputy: staffCode.optional().meta({ description: 'Who takes their work' }),
      dryRun,
    }),
  },
  deputies: {
    summary: 'Name the deputies of a person, in their order',
    body: strictFields({
      deputies: z.array(staffCode, { error: must('a list of staff codes') }).max(10, 'must be 10 or fewer'),
      dryRun,
    }),
  },
};

/** Absences, deputies and leaving of members of staff, by themselves and their superiors. */
export function staffChangeRoutes(app: FastifyInstance, context: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { absences, back, leaving, deputies } = bodies;
  routes.post('/staff/:code/absences', { schema: schemaOf(absences) }, async (request, reply) => {
    const { from, until, deputy, dryRun: isTrial } = request.body;
    const change = { kind: 'absent' as const, from, ...present({ until, deputy }) };
    const answer = await changed(context, request, change, isTrial);
    return isProblem(answer) ? sendProblem(reply, answer) : answer;
  });
  routes.post('/staff/:code/back', { schema: schemaOf(back) }, async (request, reply) => {
    const { on, dryRun: isTrial } = request.body;
    const change = { kind: 'back' as const, on: on ?? (await todayOf(context, request.params.code)) };
    const answer = await changed(context, request, change, isTrial);
    return isProblem(answer) ? sendProblem(reply, answer) : answer;
  });
  routes.post('/staff/:code/leaving', { schema: schemaOf(leaving) }, async (request, reply) => {
    const { on, deputy, dryRun: isTrial } = request.body;
    const change = { kind: 'leaves' as const, ...present({ on: on ?? undefined, deputy }) };
    const answer = await changed(context, request, change, isTrial);
    return isProblem(answer) ? sendProblem(reply, answer) : answer;
  });
  routes.post('/staff/:code/deputies', { schema: schemaOf(deputies) }, async (request, reply) => {
    const { deputies: codes, dryRun: isTrial } = request.body;
    const answer = await changed(context, request, { kind: 'deputies', deputies: codes }, isTrial);
    return isProblem(answer) ? sendProblem(reply, answer) : answer;
  });
}

const schemaOf = <Body extends z.ZodType>({ summary, body }: { summary: string; body: Body }) => ({
  tags: ['staff'],
  summary,
  description: `${actInWords('change-attendance')}. With dryRun nothing is changed.`,
  params,
  body,
  response,
});

async function todayOf({ database }: ApiContext, person: string): Promise<string> {
  const row = await database.person.findUnique({ where: { code: person }, select: { timeZone: true } });
  return dayIn(row?.timeZone ?? 'UTC', instantOf(Date.now()));
}

async function changed(
  context: ApiContext,
  request: FastifyRequest<{ Params: z.output<typeof params> }>,
  change: AttendanceChange,
  isTrial = false,
): Promise<Attendance | ApiProblem> {
  const { books, staff, log } = context;
  const colleague = colleagueOf(request);
  const barred = mayNotAct(colleague);
  if (barred) return barred;
  if (!books) return withoutBooks();
  const { code: of } = request.params;
  const signed = isTrial
    ? undefined
    : await signLine(context, request, { act: signedAs, fields: { of, change } });
  if (signed && isProblem(signed)) return signed;
  const asked = { code: of, by: colleague.code, now: instantOf(Date.now()), line: signed?.line };
  const answer = await changeAttendance(books, asked, change);
  if (answer.kind !== 'changed') return whyNot(answer, of, colleague.code);
  if (!isTrial) {
    await staff.refresh();
    log.info({ by: colleague.code, of, what: change.kind }, 'attendance changed');
  }
  const { entry, joined, away, claims, tasks, warnings } = answer;
  const { absences, deputies, leavesOn } = entry;
  return {
    kind: 'changed',
    code: of,
    dryRun: isTrial,
    absences,
    deputies,
    joined,
    claims,
    tasks,
    warnings,
    ...present({ leavesOn, away }),
  };
}

const signedAs = 'change-attendance';

/** The roles may have people above the unit only: the records decide, in the step that changes. */
function whyNot(answer: Exclude<AttendanceAnswer, { kind: 'changed' }>, of: string, by: string): ApiProblem {
  if (answer.kind === 'unknown') return problem(404, `Nobody has the staff code ${of}.`);
  if (answer.kind === 'wrong')
    return mistakesIn(
      'The change',
      422,
      answer.mistakes.map(({ field, reason }) => ({ field, sentence: `${field} ${reason}.` })),
    );
  const { branch } = answer;
  return problem(
    403,
    `This needs a ${rolesInWords('change-attendance').replaceAll(', ', ' or ')} of ${branch} or of a unit ` +
      `above it; ${by} may record their own absences and deputies.`,
  );
}

const withoutBooks = (): ApiProblem =>
  problem(
    503,
    'This API may not change people: it has no BOOKS_DATABASE_URL. Nothing was changed; operations can set ' +
      'it, or send this to an API that has it.',
  );
