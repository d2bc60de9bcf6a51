import { z } from 'zod';

import type { Call } from './contract.ts';

/** The differences between our calls and an OpenAPI document, in words, and the number of compared fields. */
export interface Comparison {
  compared: number;
  differences: string[];
}

/**
 * Compares our calls with an OpenAPI 3.0 document. We may leave out fields of a request, but none of an
 * answer, because the stand-in plays it. Descriptions in words are not compared.
 */
export function compare(calls: readonly Call[], document: unknown): Comparison {
  const described = documentSchema.parse(document);
  const found: Comparison = { compared: 0, differences: [] };
  for (const call of calls) compareCall(found, call, described);
  return found;
}

/** A schema, a form or a set of parameters, with the properties that are compared. */
const fieldSchema = z.object({
  $ref: z.string().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  enum: z
    .array(z.unknown())
    .transform((values) => values.map(String).toSorted())
    .optional(),
  nullable: z.boolean().default(false),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().transform(unlessUnbounded).optional(),
  maximum: z.number().transform(unlessUnbounded).optional(),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
  get items() {
    return fieldSchema.optional();
  },
});
type Field = z.infer<typeof fieldSchema>;

/** zod writes the limits of JavaScript's integers, which limit nothing. */
function unlessUnbounded(limit: number): number | undefined {
  return Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit;
}

const content = z.object({ content: z.record(z.string(), z.object({ schema: fieldSchema })).default({}) });
const operationSchema = z.object({
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        schema: fieldSchema,
      }),
    )
    .default([]),
  requestBody: content.optional(),
  responses: z.record(z.string(), content),
});
type Operation = z.infer<typeof operationSchema>;

const documentSchema = z.object({
  paths: z.record(z.string(), z.object({ get: operationSchema, post: operationSchema }).partial()),
  components: z.object({ schemas: z.record(z.string(), fieldSchema) }),
});
type Document = z.infer<typeof documentSchema>;

function compareCall(found: Comparison, { name, path, method, ...call }: Call, document: Document): void {
  const operation = document.paths[path]?.[method];
  if (!operation)
    return void found.differences.push(`${name}: the document has no ${method.toUpperCase()} ${path}`);
  const sides = {
    inPath: parameters(operation, 'path'),
    query: parameters(operation, 'query'),
    form: bodyOf(operation.requestBody, 'application/x-www-form-urlencoded'),
  };
  const into: Into = { found, document, complete: false };
  compareFields(into, `${name}, path`, ourField(call.inPath), sides.inPath);
  if (call.query) compareFields(into, `${name}, query`, ourField(call.query), sides.query);
  if (call.form) compareFields(into, `${name}, form`, ourField(call.form), sides.form);
  compareFields(
    { ...into, complete: true },
    `${name}, answer ${call.status}`,
    ourField(call.answer),
    bodyOf(operation.responses[call.status], 'application/json'),
  );
}

interface Into {
  found: Comparison;
  document: Document;
  /** Whether we must know every field of the document. */
  complete: boolean;
}

const ourField = (schema: z.ZodType): Field =>
  fieldSchema.parse(z.toJSONSchema(schema, { target: 'openapi-3.0' }));

const nothing: Field = { type: 'object', nullable: false, required: [] };

function parameters(operation: Operation, place: 'path' | 'query'): Field {
  const there = operation.parameters.filter((parameter) => parameter.in === place);
  return {
    ...nothing,
    properties: Object.fromEntries(there.map(({ name, schema }) => [name, schema])),
    required: there.filter(({ required }) => required).map(({ name }) => name),
  };
}

const bodyOf = (body: z.infer<typeof content> | undefined, type: string): Field =>
  body?.content[type]?.schema ?? nothing;

function compareFields(into: Into, where: string, ours: Field, given: Field): void {
  const theirs = resolved(into.document, given);
  const { found, complete } = into;
  for (const [name, field] of Object.entries(ours.properties ?? {})) {
    const described = theirs.properties?.[name];
    if (described) compareField(into, `${where}, ${name}`, field, described);
    else found.differences.push(`${where}, ${name}: the document has no such field`);
  }
  if (complete)
    found.differences.push(
      ...Object.keys(theirs.properties ?? {})
        .filter((name) => !ours.properties?.[name])
        .map((name) => `${where}, ${name}: we have no such field`),
    );
  found.differences.push(...requiredDifferences(where, ours, theirs, complete));
}

/**
 * The document requires no field of an answer, though Twilio sends all. So of an answer only those fields are
 * differences that the document requires and we do not.
 */
function requiredDifferences(where: string, ours: Field, theirs: Field, answer: boolean): string[] {
  const lacking = theirs.required
    .filter((name) => !ours.required.includes(name))
    .map((name) => `${where}, ${name}: required in the document, not with us`);
  const more = answer
    ? []
    : ours.required
        .filter((name) => !theirs.required.includes(name))
        .map((name) => `${where}, ${name}: required with us, not in the document`);
  return [...lacking, ...more];
}

const facets = [
  'type',
  'format',
  'pattern',
  'enum',
  'nullable',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
] as const;

function compareField(into: Into, where: string, ours: Field, given: Field): void {
  const theirs = resolved(into.document, given);
  into.found.compared += 1;
  for (const facet of facets) {
    const [mine, other] = [shown(ours[facet]), shown(theirs[facet])];
    if (mine !== other)
      into.found.differences.push(`${where}: ${facet} is ${mine} with us, ${other} in the document`);
  }
  if (ours.properties) compareFields(into, where, ours, theirs);
  if (ours.items && theirs.items) compareField(into, `${where}, each`, ours.items, theirs.items);
}

function shown(facet: unknown): string {
  if (facet === undefined) return 'not given';
  return Array.isArray(facet) ? facet.join(' | ') : String(facet);
}

function resolved({ components }: Document, field: Field): Field {
  const name = field.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? field : (components.schemas[name] ?? nothing);
}
