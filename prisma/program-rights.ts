import { Client, escapeIdentifier } from 'pg';

/**
 * What the programs may do with a table beside reading it. Nothing else: no program empties a table, changes
 * its shape, or sets its triggers aside.
 */
export interface Rights {
  /** Adds rows. */
  adds?: true;
  /** The columns that it changes; the others stay as they were written. */
  changes?: readonly string[];
  /** Deletes rows. */
  deletes?: true;
}

/** Each table of the records. A table that is missing here is closed to the programs. */
export const programRights: Readonly<Record<string, Rights>> = {
  // What happened, and who looked. Rows are only added.
  journal_entry: { adds: true },
  signed_line: { adds: true },
  records_check: { adds: true },
  set_aside_key: { adds: true },
  personal_look: { adds: true },
  contact_event: { adds: true },
  revoked_token: { adds: true },
  root_key: { adds: true },
  attachment: { adds: true },
  note: { adds: true },
  notice: { adds: true },

  // The books of people and policies: only the role of the books changes them. Triggers write their history.
  person: {},
  unit: {},
  planned_person: {},
  policy: {},
  policy_mark: {},
  book_import: {},
  staged_row: {},
  person_change: {},
  unit_change: {},
  policy_change: {},

  // The ledgers: what was meant stays, what became of it follows. `sealed` and `contact` have a trigger
  // (records/sql/notification_keep.sql).
  notification: {
    adds: true,
    changes: [
      'state',
      'attempt',
      'lease_until',
      'provider_id',
      'error_code',
      'segments',
      'at',
      'not_before',
      'taken_at',
      'sealed',
      'contact',
    ],
  },
  payment: { adds: true, changes: ['answer'] },
  staff_notification: { adds: true, changes: ['state', 'lease_until', 'provider_id', 'error_code'] },
  staff_notification_task: { adds: true },
  inbox: { adds: true, changes: ['forwarded_at'] },
  retention_plan: { adds: true, changes: ['run_by', 'run_at', 'retired', 'ended_at'] },
  follow_up: { adds: true, changes: ['since', 'done_at', 'done_by', 'how'] },

  // Parties, and the keys that protect them.
  party: { adds: true, changes: ['locale', 'time_zone', 'key', 'sealed', 'revision'] },
  encryption_key: { adds: true, changes: ['encrypted_from', 'encrypted_at', 'rewrapped_at'] },
  contact_key: { adds: true, changes: ['key'] },

  // The read model is made from the journal again and again.
  claim: {
    adds: true,
    changes: ['state', 'last_contact_at', 'open_last_contact_at', 'next_contact_by'],
    deletes: true,
  },
  expectation: { adds: true, deletes: true },
  claim_mark: { adds: true, changes: ['loss_at'], deletes: true },
  claim_owner: { adds: true, changes: ['run', 'since'] },
  claim_look: { adds: true, changes: ['by', 'at', 'look_by'], deletes: true },
  unwell_claim: { adds: true, changes: ['kind', 'detail'], deletes: true },
};

/**
 * What the role of the books may do beside that. Authority and cover rest on these tables, so workers do not
 * have this role: only the API that takes imports has it.
 */
export const bookRights: Readonly<Record<string, Rights>> = {
  person: {
    adds: true,
    changes: [
      'name',
      'email',
      'phone',
      'roles',
      'branch',
      'limits',
      'conflicts',
      'active',
      'locale',
      'time_zone',
      'languages',
      'deputies',
      'absences',
      'leaves_on',
      'import',
      'former',
    ],
  },
  unit: { adds: true, changes: ['name', 'kind', 'above', 'import', 'former'], deletes: true },
  planned_person: { adds: true, changes: ['row', 'by', 'at', 'import', 'fault'], deletes: true },
  policy: { adds: true, changes: ['replaced_at', 'replaced_by', 'key'] },
  policy_mark: { adds: true, deletes: true },
  book_import: { adds: true, changes: ['state', 'counts', 'ended_at'] },
  staged_row: { adds: true, changes: ['reject'], deletes: true },
};

/**
 * Functions that run with the rights of the owner. Each deletes rows of one kind, and looks itself whether it
 * may.
 */
export const ownersFunctions: readonly string[] = [
  'forget_note',
  'forget_old_staff_tasks',
  'forget_staff_mail',
  'forget_texts',
  'person_changed',
  'unit_changed',
  'policy_changed',
  'retire_claim',
  'retire_rows',
];

/** The rights of the programs, with those of the books where a role keeps them. */
export const rightsWith = (isOfBooks: boolean): Readonly<Record<string, Rights>> =>
  isOfBooks ? { ...programRights, ...bookRights } : programRights;

/**
 * Gives a role exactly the rights of the programs, or of the books, whatever it had on our tables before, in
 * one transaction. The address is that of the tables' owner. Throws a sentence when the role is missing, or
 * too strong.
 */
export async function grantProgramRights(
  ownersUrl: string,
  role: string,
  rights: 'programs' | 'books' = 'programs',
): Promise<void> {
  const client = new Client({ connectionString: ownersUrl });
  await client.connect();
  try {
    await requireOrdinary(client, role);
    await client.query('BEGIN');
    const { rows: present } = await client.query<{ name: string; sequence: string | null }>(tables);
    await client.query(rightsOf(role, present, rightsWith(rights === 'books')).join(';\n'));
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** Tables, with the sequence that numbers their rows, if there is one. */
const tables = `
  SELECT c.relname AS name, (
    SELECT s.relname FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    WHERE d.refobjid = c.oid AND d.deptype IN ('a', 'i') LIMIT 1
  ) AS sequence
  FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`;

function rightsOf(
  role: string,
  present: readonly { name: string; sequence: string | null }[],
  table: Readonly<Record<string, Rights>>,
): string[] {
  const to = escapeIdentifier(role);
  const granted = present.flatMap(({ name, sequence }) => {
    const rights = table[name];
    if (!rights) return [];
    const on = escapeIdentifier(name);
    return [
      `GRANT SELECT ON ${on} TO ${to}`,
      ...(rights.adds ? [`GRANT INSERT ON ${on} TO ${to}`] : []),
      ...(rights.changes
        ? [`GRANT UPDATE (${rights.changes.map(escapeIdentifier).join(', ')}) ON ${on} TO ${to}`]
        : []),
      ...(rights.deletes ? [`GRANT DELETE ON ${on} TO ${to}`] : []),
      ...(rights.adds && sequence ? [`GRANT USAGE ON SEQUENCE ${escapeIdentifier(sequence)} TO ${to}`] : []),
    ];
  });
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${to}, PUBLIC`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${to}, PUBLIC`,
    `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM ${to}, PUBLIC`,
    `REVOKE CREATE ON SCHEMA public FROM ${to}, PUBLIC`,
    `GRANT USAGE ON SCHEMA public TO ${to}`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ${to}`,
    ...granted,
  ];
}

async function requireOrdinary(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ strong: boolean; owns: boolean }>(
    `SELECT rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication AS strong,
       pg_has_role(rolname, current_user, 'MEMBER') AS owns
     FROM pg_roles WHERE rolname = $1`,
    [role],
  );
  const [found] = rows;
  if (!found)
    throw new Error(
      `There is no role "${role}" for the programs. Make it once, with a password: ` +
        `CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD '…'.`,
    );
  if (found.strong || found.owns)
    throw new Error(
      `The role "${role}" ${found.owns ? 'owns the tables' : 'is no ordinary role'}, so it may change the ` +
        'journal: name another one for the programs, made with CREATE ROLE … LOGIN alone.',
    );
}
