import type { Client } from 'pg';
import type { Instant } from '../../domain/time/time.ts';
import { templateRows } from './templates.ts';

export interface Size {
  open: number;
  closed: number;
}

/** The people of each branch. A staff code is `code` with a number. */
const staff: [code: string, role: string, perBranch: number][] = [
  ['C', 'handler', 10],
  ['S', 'surveyor', 5],
  ['V', 'verifier', 3],
  ['R', 'reviewer', 3],
  ['M', 'manager', 1],
  ['U', 'supervisor', 1],
  ['O', 'operations', 1],
];
const branches = 20;
/** Each over some of the branches; one head office is over all of them. */
const regions = 4;

/**
 * Fills an empty database with claims of every stage. The rules make a template of each stage, which is then
 * multiplied with numbers, people, amounts and days of its own, the same each time. Closed claims are up to
 * three years old. Throws a sentence when the database has claims already.
 */
export async function fillRecords(client: Client, { open, closed }: Size, now: Instant): Promise<void> {
  const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM claim');
  if (rows[0]?.count !== '0') throw new Error('The database has claims already; give an empty one.');
  await client.query('CREATE TEMPORARY TABLE template (id INT PRIMARY KEY, model JSONB, waits JSONB)');
  const templates = templateRows(now);
  const isOpen = templates.map(({ model }) => model.outcome === null);
  if (isOpen.filter((each) => !each).length !== 1)
    throw new Error('There should be one template of a closed claim.');
  for (const [id, { model, waits }] of [
    ...templates.filter((_, index) => isOpen[index]),
    ...templates.filter((_, index) => !isOpen[index]),
  ].entries()) {
    await client.query('INSERT INTO template VALUES ($1, $2, $3)', [
      id,
      JSON.stringify(model),
      JSON.stringify(waits),
    ]);
  }
  for (const [code, role, perBranch] of staff) {
    await client.query(
      `INSERT INTO person (code, name, email, roles, branch, limits, conflicts)
       SELECT $1 || '-' || n, 'Somebody', 'somebody@example.test', ARRAY[$2], 'branch-' || (n % ${branches}),
         '{"motor": {"CNY": 100000000}}', '{}'
       FROM generate_series(0, ${branches * perBranch - 1}) AS n`,
      [code, role],
    );
  }
  await client.query(
    `INSERT INTO unit (code, name, kind, above)
     SELECT 'branch-' || n, 'Branch', 'branch', 'region-' || (n % ${regions})
     FROM generate_series(0, ${branches - 1}) AS n
     UNION ALL SELECT 'region-' || n, 'Region', 'regional-office', 'head'
     FROM generate_series(0, ${regions - 1}) AS n
     UNION ALL SELECT 'head', 'Head office', 'head-office', NULL`,
  );
  for (const role of ['supervisor', 'reviewer', 'manager'])
    await client.query(
      `INSERT INTO person (code, name, email, roles, branch, limits, conflicts)
       SELECT $1 || '-' || unit.code, 'Somebody', 'somebody@example.test', ARRAY[$1], unit.code,
         '{"motor": {"CNY": 200000000}}', '{}'
       FROM unit WHERE kind <> 'branch'`,
      [role],
    );
  // The supervisors of two branches are absent: their region has their work.
  await client.query(`UPDATE person SET absences = '[{"from": "2020-01-01"}]' WHERE code IN ('U-3', 'U-7')`);
  await multiply(client, { from: 0, count: open, template: `i % ${templates.length - 1}`, days: 40 });
  await multiply(client, { from: open, count: closed, template: String(templates.length - 1), days: 1100 });
  await client.query('VACUUM ANALYZE');
}

/**
 * It has no factor in common with ten. So its multiples modulo a billion give every number of nine digits
 * once, and in no order, as claim numbers are.
 */
const spread = 387_420_489;

interface Part {
  from: number;
  count: number;
  /** SQL that gives the template of claim `i`. */
  template: string;
  days: number;
}

/** Claim numbers are digits only, which is allowed. Handler and surveyor belong to the claim's branch. */
async function multiply(client: Client, part: Part): Promise<void> {
  await client.query('BEGIN');
  await client.query('SELECT setseed(0.5)');
  await client.query(made(part));
  await client.query(claims);
  await client.query(expectations);
  await client.query('COMMIT');
}

const made = ({ from, count, template, days }: Part): string =>
  `CREATE TEMPORARY TABLE made ON COMMIT DROP AS
     SELECT i, ${template} AS template, 'L' || substr(digits, 1, 4) || '-' || substr(digits, 5) AS number,
       i % ${branches} AS branch, random() * interval '${days} days' AS ago, random() AS chance,
       (random() * random() * 40000000)::bigint + 100 AS amount
     FROM generate_series(${from}, ${from + count - 1}) AS i,
       LATERAL (SELECT lpad((i * ${spread}::bigint % 1000000000)::text, 9, '0') AS digits) AS written`;

const claims = `INSERT INTO claim SELECT row.* FROM made JOIN template ON template.id = made.template,
     LATERAL jsonb_populate_record(NULL::claim, model || jsonb_build_object(
       'number', made.number, 'branch', 'branch-' || branch, 'claimed_minor', amount,
       'handler', 'C-' || (branch + ${branches} * (i / ${branches} % 10)),
       'surveyor', 'S-' || (branch + ${branches} * (i / ${branches} % 5)),
       'urgency', CASE WHEN chance > 0.95 THEN 'priority' ELSE 'normal' END,
       'stage_since', (model->>'stage_since')::timestamptz - ago,
       'opened_at', (model->>'opened_at')::timestamptz - ago,
       'waiting_since', (model->>'waiting_since')::timestamptz - ago,
       'next_at', (model->>'next_at')::timestamptz - ago / 4,
       'last_contact_at', (model->>'last_contact_at')::timestamptz - ago,
       'open_last_contact_at', (model->>'open_last_contact_at')::timestamptz - ago,
       'next_contact_by', (model->>'next_contact_by')::timestamptz - ago / 3,
       'state', (model->'state') || jsonb_build_object(
         'number', made.number, 'branch', 'branch-' || branch,
         'handler', 'C-' || (branch + ${branches} * (i / ${branches} % 10)),
         'surveyor', 'S-' || (branch + ${branches} * (i / ${branches} % 5))))) AS row`;

const expectations = `
     INSERT INTO expectation
       (claim, id, "from", what, item, since, due, next_do, next_at, rung, branch, minor)
     SELECT made.number, w.id, w."from", w.what, w.item, w.since - ago, w.due - ago, w.next_do,
       w.next_at - ago / 4, w.rung, 'branch-' || made.branch, w.minor
     FROM made
     JOIN template ON template.id = made.template,
       jsonb_populate_recordset(NULL::expectation, waits) AS w`;
