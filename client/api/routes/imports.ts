import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, mustBe, strictFields } from '../../../config/field-sentences.ts';
import { bookLimits } from '../../../config/import-limits.ts';
import { actInWords, rolesInWords } from '../../../domain/people/permissions.ts';
import { bookNames, type BookName } from '../../../config/books/fields.ts';
import {
  beginTaking,
  beginUndoing,
  dropImport,
  importOf,
  listImports,
  openImport,
  rejectedRows,
  stagedSoFar,
  stageRows,
  type ImportOnRecord,
} from '../../../records/books/imports.ts';
import type { BookOf, ImportRunner } from '../../../records/books/run.ts';
import type { Database } from '../../../records/database.ts';
import { bookSchema, importSchema, rejectedSchema, stagedSchema } from '../../own-api/schemas/imports.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { nameParam, text } from '../schemas.ts';
import { signLine } from '../signing.ts';

const tags = ['imports'];
const params = z.object({ id: nameParam });
const response = { 200: importSchema, ...problems };

const accessOf = { policies: 'import-policies', staff: 'import-staff' } as const;
const forWhom = `(${rolesInWords('import-policies')})`;

/** What imports work with; `bookOf` and `runner` are there where the books have an address. */
export interface ImportParts {
  bookOf: BookOf;
  runner: ImportRunner | undefined;
}

/** Policies and staff from the company's systems: rows are sent first, and then all of them are taken. */
export function importRoutes(app: FastifyInstance, context: ApiContext, parts: ImportParts): void {
  openRoute(app, context);
  rowsRoute(app, context, parts);
  takeRoute(app, context, parts);
  dropRoute(app, context);
  undoRoute(app, context, parts);
  lookRoutes(app, context);
}

function openRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: `Open an import ${forWhom}`,
    description: `${actInWords('import-policies')}. ${actInWords('import-staff')}.`,
    body: strictFields({
      book: z.enum(bookSchema.options, { error: must(`one of ${bookNames.join(', ')}`) }),
      source: text('the name of the file, or of the system that pushes', 200),
    }),
    response: { 201: importSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/imports', { schema }, async (request, reply) => {
    const { book, source } = request.body;
    const books = booksFor(context, request, book);
    if (isProblem(books)) return sendProblem(reply, books);
    const opened = await openImport(books, { book, source, by: colleagueOf(request).code });
    return reply.code(201).send(opened);
  });
}

const line = z
  .int({ error: must('the line of the row in its file') })
  .min(1, mustBe('1 or more'))
  .max(2 ** 31 - 1, mustBe('less than 2147483648'));

function rowsRoute(app: FastifyInstance, context: ApiContext, { bookOf }: ImportParts): void {
  const { rowsAtOnce } = bookLimits;
  const schema = {
    tags,
    summary: `Add up to ${rowsAtOnce} rows to an open import; they change nothing before it is taken`,
    description: 'A line that came before stays as it came first, so that a request may be repeated',
    params,
    body: strictFields({
      rows: z
        .array(strictFields({ line, value: z.unknown() }), { error: must('a list of rows') })
        .min(1, mustBe('a list of at least one row'))
        .max(rowsAtOnce, mustBe(`a list of at most ${rowsAtOnce} rows`)),
    }),
    response: { 200: stagedSchema, ...problems },
  };
  const config = { limit: 'importing' as const };
  const { bodyBytes: bodyLimit } = bookLimits;
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/imports/:id/rows', { schema, config, bodyLimit }, async (request, reply) => {
      const found = await ownImport(context, request);
      if (isProblem(found)) return sendProblem(reply, found);
      const { books, one } = found;
      const added = await stageRows(books, one.id, await bookOf(one.book), request.body.rows);
      return added ?? sendProblem(reply, notOpen(await again(books, one), 'takes no more rows'));
    });
}

function takeRoute(app: FastifyInstance, context: ApiContext, { runner }: ImportParts): void {
  const schema = {
    tags,
    summary: 'Take all rows of an import, or try it; GET /imports/:id says how far it is',
    params,
    body: strictFields({ dryRun: z.boolean({ error: must('true or false') }).default(false) }),
    response: { 202: importSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/imports/:id/take', { schema }, async (request, reply) => {
    const found = await ownImport(context, request);
    if (isProblem(found)) return sendProblem(reply, found);
    const taken = await taking(context, request, found, request.body.dryRun);
    if (isProblem(taken)) return sendProblem(reply, taken);
    runner?.wake();
    return reply.code(202).send(taken);
  });
}

/** What is being taken already is not taken twice. */
async function taking(
  context: ApiContext,
  request: FastifyRequest,
  { books, one }: Found,
  dryRun: boolean,
): Promise<ImportOnRecord | ApiProblem> {
  const isUnderWay = dryRun ? one.state === 'checking' : one.state === 'taking' || one.state === 'taken';
  if (isUnderWay) return one;
  if (one.state !== 'open') return notOpen(one, 'cannot be taken');
  const { id, book, source } = one;
  const staged = await stagedSoFar(books, id);
  if (staged.rows === 0) return problem(409, `Import ${id} has no rows. Add rows first, or drop it.`);
  const fields = { import: id, book, source, ...staged };
  const signed = dryRun ? undefined : await signLine(context, request, { act: 'take-import', fields });
  if (signed && isProblem(signed)) return signed;
  const began = await beginTaking(books, id, { dryRun, rows: staged.rows, line: signed?.line });
  const now = await again(books, one);
  if (began) context.log.info({ by: one.by, import: id, book, dryRun, ...staged }, 'import taken');
  return began ? now : notOpen(now, 'got more rows while it was to be taken; take it again');
}

function dropRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: `Drop an open import with its rows; after ${bookLimits.openHours} hours it is dropped by itself`,
    params,
    body: strictFields({}),
    response,
  };
  app.withTypeProvider<ZodTypeProvider>().post('/imports/:id/drop', { schema }, async (request, reply) => {
    const found = await ownImport(context, request);
    if (isProblem(found)) return sendProblem(reply, found);
    const { books, one } = found;
    if (one.state === 'dropped' || (await dropImport(books, one.id))) return again(books, one);
    return sendProblem(reply, notOpen(await again(books, one), 'cannot be dropped'));
  });
}

function undoRoute(app: FastifyInstance, context: ApiContext, { runner }: ImportParts): void {
  const schema = {
    tags,
    summary: `Undo an import that was taken, also that of somebody else ${forWhom}`,
    description: 'What a later import has changed again stays, and is named. Answers with the undoing import',
    params,
    body: strictFields({}),
    response: { 202: importSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/imports/:id/undo', { schema }, async (request, reply) => {
    const found = await knownImport(context, request);
    if (isProblem(found)) return sendProblem(reply, found);
    const { books, one } = found;
    if (one.state !== 'taken' || one.undoes !== undefined) return sendProblem(reply, cannotBeUndone(one));
    const { id, book, source, counts } = one;
    const signed = await signLine(context, request, {
      act: 'undo-import',
      fields: { import: id, book, source, counts },
    });
    if (isProblem(signed)) return sendProblem(reply, signed);
    const by = colleagueOf(request).code;
    const undoing = await beginUndoing(books, { undone: one, by, line: signed.line });
    if (!undoing) return sendProblem(reply, problem(409, `Somebody is undoing import ${id} already.`));
    context.log.info({ by, import: id, book }, 'import undone');
    runner?.wake();
    return reply.code(202).send(undoing);
  });
}

const cannotBeUndone = ({ id, state, undoes }: ImportOnRecord): ApiProblem =>
  problem(
    409,
    undoes === undefined
      ? `Import ${id} is ${state}; only one that was taken can be undone.`
      : `Import ${id} is itself an undoing. Import the file of ${undoes} again.`,
  );

const shownImports = 100;
const shownRejects = 1_000;

function lookRoutes(app: FastifyInstance, context: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const list = {
    tags,
    summary: `The last ${shownImports} imports, the newest first ${forWhom}`,
    response: { 200: z.array(importSchema), ...problems },
  };
  routes.get('/imports', { schema: list }, async (request, reply) => {
    const mine = bookNames.filter((book) => !barredFrom(colleagueOf(request), accessOf[book]));
    const books = booksFor(context, request, mine[0] ?? 'policies');
    return isProblem(books)
      ? sendProblem(reply, books)
      : listImports(books, { books: mine, limit: shownImports });
  });

  const one = { tags, summary: 'An import, and how far it is', params, response };
  routes.get('/imports/:id', { schema: one }, async (request, reply) => {
    const found = await knownImport(context, request);
    return isProblem(found) ? sendProblem(reply, found) : found.one;
  });

  const rejects = {
    tags,
    summary: 'The rows that are not taken, with the reasons, in the order of their lines; pages by `after`',
    params,
    querystring: z.strictObject({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .default(0),
    }),
    response: { 200: z.array(rejectedSchema), ...problems },
  };
  routes.get('/imports/:id/rejects', { schema: rejects }, async (request, reply) => {
    const found = await knownImport(context, request);
    if (isProblem(found)) return sendProblem(reply, found);
    const { after } = request.query;
    return rejectedRows(found.books, found.one.id, { after, limit: shownRejects });
  });
}

/** The records with the role of the books, for a person who may import into this one. */
function booksFor(
  { books }: Pick<ApiContext, 'books'>,
  request: FastifyRequest,
  book: BookName,
): Database | ApiProblem {
  const colleague = colleagueOf(request);
  const barred = mayNotAct(colleague) ?? barredFrom(colleague, accessOf[book]);
  if (barred) return barred;
  return (
    books ??
    problem(
      503,
      'This API may not change policies and people: it has no BOOKS_DATABASE_URL. Nothing was changed; ' +
        'operations can set it, or send this to an API that has it.',
    )
  );
}

interface Found {
  books: Database;
  one: ImportOnRecord;
}

/** The import of the address. */
async function knownImport(
  context: ApiContext,
  request: FastifyRequest<{ Params: z.output<typeof params> }>,
): Promise<Found | ApiProblem> {
  const { id } = request.params;
  const found = await importOf(context.books ?? context.database, id);
  // Who may import nothing does not see what there is.
  const books = booksFor(context, request, found?.book ?? 'policies');
  if (isProblem(books)) return books;
  return found
    ? { books, one: found }
    : problem(404, `There is no import ${id}; imports list shows the last ones.`);
}

/** The same, for who opened it: nobody adds rows to somebody else's import, or takes it in their name. */
async function ownImport(
  context: ApiContext,
  request: FastifyRequest<{ Params: z.output<typeof params> }>,
): Promise<Found | ApiProblem> {
  const found = await knownImport(context, request);
  if (isProblem(found) || found.one.by === colleagueOf(request).code) return found;
  return problem(403, `Import ${found.one.id} is that of ${found.one.by}; open one of your own.`);
}

const again = async (books: Database, one: ImportOnRecord): Promise<ImportOnRecord> =>
  (await importOf(books, one.id)) ?? one;

const notOpen = ({ id, state }: ImportOnRecord, what: string): ApiProblem =>
  problem(409, state === 'open' ? `Import ${id} ${what}.` : `Import ${id} is ${state}, so it ${what}.`);
