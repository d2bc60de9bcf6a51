import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dayIn } from '../../../config/today.ts';
import { absenceOn, deputyOf, hasLeft, standsInFor, type Today } from '../../../domain/people/deputies.ts';
import { majorUnits } from '../../../domain/money/money.ts';
import type { Limits } from '../../../domain/people/takers.ts';
import { beneath, type Unit } from '../../../domain/people/units.ts';
import { present } from '../../../domain/present.ts';
import { instantOf, type Instant } from '../../../domain/time/time.ts';
import { directoryOf, type Entry } from '../../../records/staff/directory.ts';
import { heldClaims, loadByUnit, type Held } from '../../../records/staff/load.ts';
import { waitingCounts } from '../../../records/staff/staff-list.ts';
import { unitsOf } from '../../../records/staff/units.ts';
import {
  loadQuery,
  loadSchema,
  shownStaffSchema,
  staffQuery,
  staffSchema,
  unitSchema,
  type ShownStaff,
  type Staff,
} from '../../own-api/schemas/staff.ts';
import type { ApiContext } from '../context.ts';
import { problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { nameParam } from '../schemas.ts';

const tags = ['staff'];

/** The staff and the units, readable by every member of staff. */
export function staffRoutes(app: FastifyInstance, context: ApiContext): void {
  listRoute(app, context);
  loadRoute(app, context);
  showRoute(app, context);
  unitsRoute(app, context);
}

function listRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags,
    summary: 'The staff: code, name, roles, unit, deputies, and who is absent',
    querystring: staffQuery,
    response: { 200: z.array(staffSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/staff', { schema }, async ({ query }, reply) => {
    const now = instantOf(Date.now());
    const [staff, units] = await Promise.all([directoryOf(database), unitsOf(database)]);
    const wanted = unitsWanted(units, staff, query.unit);
    if (wanted !== undefined && !(wanted instanceof Set)) return sendProblem(reply, wanted);
    const listed = staff
      .filter(({ branch }) => wanted?.has(branch) ?? true)
      .filter(({ roles }) => query.role === undefined || roles.includes(query.role))
      .map((each) => listedStaff(each, units, now))
      .filter(({ absent }) => !query.absent || absent !== undefined);
    if (!query.waiting) return listed;
    const waits = await waitingCounts(database, now);
    return listed.map((each) => ({ ...each, waiting: waits.get(each.code)?.tasks ?? 0 }));
  });
}

/** The codes of a unit and of those beneath it; a problem with a unit that nobody has. */
function unitsWanted(
  units: readonly Unit[],
  staff: readonly Pick<Entry, 'branch'>[],
  unit: string | undefined,
): Set<string> | ApiProblem | undefined {
  if (unit === undefined) return undefined;
  const isKnown = [...units.map(({ code }) => code), ...staff.map(({ branch }) => branch)].includes(unit);
  if (!isKnown) return problem(422, `unit must be the code of a unit; none is "${unit}".`, { field: 'unit' });
  return new Set([unit, ...beneath(units, unit)]);
}

const nameOf = (units: readonly Unit[], unit: string): string | undefined =>
  units.find(({ code }) => code === unit)?.name;

function listedStaff(entry: Entry, units: readonly Unit[], now: Instant): Staff {
  const { code, name, roles, branch, languages, deputies, leavesOn, timeZone } = entry;
  const today = dayIn(timeZone, now);
  const active = !hasLeft(entry, today);
  const absence = active ? absenceOn(entry, today) : undefined;
  return {
    code,
    name,
    roles,
    branch,
    active,
    languages,
    deputies: [...deputies],
    ...present({
      branchName: nameOf(units, branch),
      absent: absence && { until: absence.until ?? null },
      leavesOn,
    }),
  };
}

function showRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags,
    summary: 'One member of staff: limits, absences, deputies, claims and tasks',
    params: z.object({ code: nameParam }),
    response: { 200: shownStaffSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/staff/:code', { schema }, async ({ params }, reply) => {
    const now = instantOf(Date.now());
    const [staff, units] = await Promise.all([directoryOf(database), unitsOf(database)]);
    const entry = staff.find(({ code }) => code === params.code);
    if (!entry) return sendProblem(reply, problem(404, `Nobody has the staff code ${params.code}.`));
    const [waits, held] = await Promise.all([
      waitingCounts(database, now),
      heldClaims(database, now, entry.code),
    ]);
    return {
      ...listedStaff(entry, units, now),
      ...shownStaff(entry, staff, now),
      caseload: held,
      ...(waits.get(entry.code) ?? { tasks: 0 }),
    };
  });
}

function shownStaff(
  entry: Entry,
  staff: readonly Entry[],
  now: Instant,
): Omit<ShownStaff, keyof Staff | 'caseload' | 'tasks' | 'oldestSince'> {
  const { code, email, phone, locale, timeZone, limits, deputies, absences } = entry;
  const today: Today = (of) => dayIn(staff.find((each) => each.code === of)?.timeZone ?? timeZone, now);
  const deputy = deputyOf(entry, staff, today)?.code;
  const replaced = standsInFor(code, staff, today);
  const codes = [
    code,
    ...deputies,
    ...replaced,
    ...absences.flatMap((each) => each.deputy ?? []),
    ...(deputy === undefined ? [] : [deputy]),
  ];
  return {
    email,
    locale,
    timeZone,
    absences: absences.map((each) => present(each)),
    limits: inMoney(limits),
    standsInFor: replaced,
    names: Object.fromEntries(
      staff.filter((each) => codes.includes(each.code)).map((each) => [each.code, each.name]),
    ),
    ...present({ phone, deputy }),
  };
}

const inMoney = (limits: Limits): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.entries(limits).map(([line, byCurrency]) => [
      line,
      Object.fromEntries(
        Object.entries(byCurrency).map(([currency, minor]) => [currency, majorUnits(minor, currency)]),
      ),
    ]),
  );

function loadRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags,
    summary: 'What waits, by person and by unit: open claims, tasks and the oldest of them',
    querystring: loadQuery,
    response: { 200: loadSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/staff/load', { schema }, async ({ query }, reply) => {
    const now = instantOf(Date.now());
    const [staff, units] = await Promise.all([directoryOf(database), unitsOf(database)]);
    const wanted = unitsWanted(units, staff, query.unit);
    if (wanted !== undefined && !(wanted instanceof Set)) return sendProblem(reply, wanted);
    const [waits, held, byUnit] = await Promise.all([
      waitingCounts(database, now),
      heldClaims(database, now),
      loadByUnit(database, units, now),
    ]);
    const ofPerson = Map.groupBy(held, ({ code }) => code);
    return {
      people: staff
        .filter(({ branch }) => wanted?.has(branch) ?? true)
        .map(({ code, name, branch, active }) => ({
          code,
          name,
          branch,
          active,
          ...caseloadOf(ofPerson.get(code) ?? []),
          ...(waits.get(code) ?? { tasks: 0 }),
        }))
        .filter(({ active, handling, surveying }) => active || handling + surveying > 0),
      units: units
        .filter(({ code }) => wanted?.has(code) ?? true)
        .map((unit) => ({
          ...unit,
          ...(byUnit.get(unit.code) ?? { claims: 0, tasks: 0, late: 0, unseen: 0 }),
        })),
    };
  });
}

const caseloadOf = (held: readonly Held[]): { handling: number; surveying: number; unseen: number } => ({
  handling: sum(held.filter(({ role }) => role === 'handler').map(({ open }) => open)),
  surveying: sum(held.filter(({ role }) => role === 'surveyor').map(({ open }) => open)),
  unseen: sum(held.filter(({ role }) => role === 'handler').map(({ unseen }) => unseen)),
});

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

function unitsRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags,
    summary: 'The units of the company: branches, regional offices, the head office',
    response: { 200: z.array(unitSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/units', { schema }, async () => {
    const [staff, units] = await Promise.all([directoryOf(database), unitsOf(database)]);
    return units.map((unit) => ({
      ...unit,
      people: staff.filter(({ branch, active }) => active && branch === unit.code).length,
    }));
  });
}
