import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Client as Postgres } from 'pg';
import type { LocalStack } from '../support/local-stack.ts';
import { personalWords, policyholder } from './notices.ts';

const { History } = proto.temporal.api.history.v1;
const { ListWorkflowExecutionsResponse } = proto.temporal.api.workflowservice.v1;

export function secrecy(stack: () => LocalStack): void {
  test('the search finds what is there: with the providers the customers are known', () => {
    const outside = join(stack().dataDir, 'outside');
    const theirs = Object.fromEntries(
      readdirSync(outside).map((name) => [name, readFileSync(join(outside, name))]),
    );
    expect(placesOf(theirs).map((place) => place.split(' in ')[0])).toEqual(
      expect.arrayContaining([policyholder.phone, policyholder.account]),
    );
    expect(
      placesOf({ encoded: Buffer.from(Buffer.from(JSON.stringify(policyholder)).toString('base64')) }),
    ).toEqual(expect.arrayContaining([`${policyholder.email} in encoded`, '王晓明 in encoded']));
  });

  test('what Temporal holds of the claims, histories, search attributes and summaries, names nobody', async () => {
    const connection = await Connection.connect({ address: stack().addresses.temporalAddress });
    const { workflowService } = connection;
    const list = await workflowService.listWorkflowExecutions({ namespace: 'default', pageSize: 1000 });
    const histories = await Promise.all(
      (list.executions ?? []).map(
        async ({ execution }) =>
          (
            await workflowService.getWorkflowExecutionHistory({
              namespace: 'default',
              execution: execution ?? null,
            })
          ).history,
      ),
    );
    await connection.close();

    expect(histories.length).toBeGreaterThan(6);
    expect(
      placesOf({
        list: Buffer.from(ListWorkflowExecutionsResponse.encode(list).finish()),
        ...Object.fromEntries(
          histories.map((history, index) => [
            list.executions?.[index]?.execution?.workflowId ?? '',
            Buffer.from(History.encode(history ?? {}).finish()),
          ]),
        ),
      }),
    ).toEqual([]);
    const file = readFileSync(join(stack().dataDir, 'temporal.sqlite'));
    expect(file.includes('claim-L')).toBe(true);
    expect(
      placesOf({
        'temporal.sqlite': file,
        'temporal.sqlite-wal': readFileSync(join(stack().dataDir, 'temporal.sqlite-wal')),
      }),
    ).toEqual([]);
  });

  test('no log names anybody', () => {
    const folder = join(stack().dataDir, 'logs');
    const logs = Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]),
    );
    expect(logs['api.log']?.includes('"route":"/claims"')).toBe(true);
    expect(placesOf(logs)).toEqual([]);
  });

  test('in the records, journal and views are free of names, and what is personal is sealed', async () => {
    const database = new Postgres({ connectionString: stack().ownersUrl });
    await database.connect();
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const contents: Record<string, Buffer> = {};
    for (const { name } of tables)
      contents[name] = Buffer.from(
        (await database.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM "${name}" t`)).rows
          .map(({ row }) => row)
          .join('\n'),
      );
    await database.end();

    expect(Object.values(contents).filter((content) => content.length > 0).length).toBeGreaterThan(5);
    expect(placesOf(contents)).toEqual([]);
  });
}

/**
 * Where any of the words stands: as it is, in base64 whatever it stands behind, or in hexadecimal digits as
 * PostgreSQL shows bytes.
 */
function placesOf(contents: Record<string, Buffer>): string[] {
  return Object.entries(contents).flatMap(([name, content]) =>
    personalWords()
      .filter((word) => spellings(word).some((spelling) => content.includes(spelling)))
      .map((word) => `${word} in ${name}`),
  );
}

/** A word's base64 depends on how many bytes stand before it; its ends mix with what is beside. */
function spellings(word: string): (string | Buffer)[] {
  const bytes = Buffer.from(word);
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  );
  return [bytes, bytes.toString('hex'), ...inBase64.filter((text) => text.length >= 8)];
}
