import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { strictFields } from '../../../config/field-sentences.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import {
  authorityChanges,
  changesOfPerson,
  changesOfUnit,
  historyFaults,
  unitChanges,
} from '../../../records/staff/authority-history.ts';
import { changesOfPolicy, comparePolicies } from '../../../records/policies/policy-history.ts';
import { authoritySchema, changeSchema, comparedPoliciesSchema } from '../../own-api/schemas/records.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { problem, problems, sendProblem } from '../problem.ts';
import { nameParam } from '../schemas.ts';

/** How people's roles and limits, and policies, have changed: the gate decides by them. */
export function historyRoutes(app: FastifyInstance, { database }: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/records/authority',
    {
      schema: {
        tags: ['records'],
        summary: 'What everybody was allowed and when, to compare with what they signed',
        response: { 200: authoritySchema, ...problems },
      },
    },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'check-records');
      if (barred) return sendProblem(reply, barred);
      const [changes, units, faults] = await Promise.all([
        authorityChanges(database),
        unitChanges(database),
        historyFaults(database),
      ]);
      return { changes, units, faults };
    },
  );
  routes.get(
    '/records/policies',
    {
      schema: {
        tags: ['records'],
        summary: 'Policies that were changed past their history, page by page of all policies',
        querystring: strictFields({ after: z.string().max(100).default('') }),
        response: { 200: comparedPoliciesSchema, ...problems },
      },
    },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'check-records');
      return barred ? sendProblem(reply, barred) : comparePolicies(database, request.query.after);
    },
  );
  const schema = {
    tags: ['records'],
    summary: actInWords('read-history'),
    response: { 200: z.array(changeSchema), ...problems },
  };
  routes.get(
    '/staff/:code/history',
    { schema: { ...schema, params: z.object({ code: nameParam }) } },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'read-history');
      if (barred) return sendProblem(reply, barred);
      const { code } = request.params;
      const changes = await changesOfPerson(database, code);
      return changes.length > 0
        ? changes
        : sendProblem(reply, problem(404, `Nobody has ever had the staff code ${code}.`));
    },
  );
  routes.get(
    '/units/:code/history',
    { schema: { ...schema, params: z.object({ code: nameParam }) } },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'read-history');
      if (barred) return sendProblem(reply, barred);
      const { code } = request.params;
      const changes = await changesOfUnit(database, code);
      return changes.length > 0
        ? changes
        : sendProblem(reply, problem(404, `There has never been a unit ${code}.`));
    },
  );
  routes.get(
    '/policies/:number/history',
    { schema: { ...schema, params: z.object({ number: nameParam }) } },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'read-history');
      if (barred) return sendProblem(reply, barred);
      const number = request.params.number.toUpperCase();
      const changes = await changesOfPolicy(database, number);
      return changes.length > 0
        ? changes
        : sendProblem(reply, problem(404, `There has never been a policy ${number}.`));
    },
  );
}
