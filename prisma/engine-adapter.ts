import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils';
import { DatabaseError, Pool, types, type QueryResult } from 'pg';

/** Prisma's adapter for PostgreSQL, with three corrections for its migration engine. */
export class EngineAdapter extends PrismaPg {
  readonly pool: Pool;
  private readonly singleLetters: WeakMap<object, number[]>;

  constructor(databaseUrl: string) {
    const pool = new Pool({ connectionString: databaseUrl, max: 3 });
    super(pool);
    this.pool = pool;
    this.singleLetters = markSingleLetters(pool);
  }

  override async connect() {
    const adapter = await super.connect();
    const query = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (question) => {
      const answer = await query(question);
      for (const column of this.singleLetters.get(answer.rows) ?? [])
        answer.columnTypes[column] = ColumnTypeEnum.Character;
      return answer;
    };
    adapter.executeScript = (script) => executeWhole(this.pool, script);
    return adapter;
  }

  /** For trying out migrations. Ours are tried in a database that is made for it: see `nextMigration`. */
  override connectToShadowDb() {
    return this.connect();
  }
}

/**
 * Prisma's own method splits a script at every semicolon, also within a function's body. Sent whole, the
 * script is also one transaction.
 */
async function executeWhole(pool: Pool, script: string): Promise<void> {
  try {
    await pool.query(script);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { message, code = 'XX000', severity = 'ERROR', detail, column, hint } = error;
    throw new DriverAdapterError({
      kind: 'postgres',
      originalCode: code,
      originalMessage: message,
      code,
      message,
      severity,
      detail,
      column,
      hint,
    });
  }
}

/**
 * PostgreSQL's catalogue has a type of one letter. The engine asks for it, but the adapter does not know it,
 * so the adapter gets it as text. The returned map has, for the rows of an answer, the columns of that type.
 */
function markSingleLetters(pool: Pool): WeakMap<object, number[]> {
  const marked = new WeakMap<object, number[]>();
  const ask = pool.query;
  const query = async (...question: unknown[]) => {
    const result: QueryResult | QueryResult[] = await Reflect.apply(ask, pool, question);
    for (const { fields, rows } of [result].flat()) {
      const letters = fields.filter((field) => field.dataTypeID === types.builtins.CHAR);
      for (const field of letters) field.dataTypeID = types.builtins.TEXT;
      marked.set(
        rows,
        letters.map((field) => fields.indexOf(field)),
      );
    }
    return result;
  };
  Object.assign(pool, { query });
  return marked;
}
