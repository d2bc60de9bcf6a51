import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Client as Postgres } from 'pg';
import { takenBack } from '../../security/archive-key.ts';
import { unsealWith } from '../../security/sealing.ts';
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

  test('attachments and the list of people that programs keep name no party, and show no paper', async () => {
    const folder = join(stack().dataDir, 'attachments');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    const kept = Object.fromEntries(
      files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name))]),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const bytes of Object.values(kept))
      for (const sign of ['%PDF', 'JFIF', 'PNG']) expect(bytes.subarray(0, 64).includes(sign)).toBe(false);
    const people = readFileSync(join(stack().dataDir, 'people-cache.json'));
    expect(placesOf({ ...kept, people })).toEqual([]);
  });

  test('a person of a closed claim is erased for every program; the archive key alone opens what the law wants kept', async () => {
    const database = new Postgres({ connectionString: stack().addresses.databaseUrl });
    await database.connect();
    const of = async (sql: string, values: string[] = []): Promise<Record<string, string>> =>
      (await database.query<Record<string, string>>(sql, values)).rows[0] ?? {};
    const { number = '' } = await of(
      `SELECT number FROM claim c WHERE outcome IS NOT NULL
         AND NOT EXISTS (SELECT FROM follow_up f WHERE f.claim = c.number AND f.done_at IS NULL)
       ORDER BY outcome = 'paid' DESC LIMIT 1`,
    );
    const { sealed: before = '' } = await of(`SELECT sealed FROM party WHERE claim = $1 AND id = 'party-1'`, [
      number,
    ]);
    expect(
      await stack().asks('parties', 'erase', number, 'party-1', '--reason', 'asked-for', '--as', 'E-701'),
    ).toMatchObject({
      kind: 'erased',
      kept: expect.arrayContaining([{ law: expect.any(String), until: expect.any(String) }]),
    });
    const { key, sealed = '' } = await of(
      `SELECT key, sealed FROM party WHERE claim = $1 AND id = 'party-1'`,
      [number],
    );
    const { wrapped = '' } = await of(`SELECT wrapped FROM set_aside_key WHERE claim = $1`, [number]);
    const { signed = '' } = await of(`SELECT proof->>'signed' AS signed FROM signed_line WHERE claim = $1`, [
      number,
    ]);
    await database.end();
    expect([key, sealed, placesOf({ signed: Buffer.from(signed) })]).toEqual(['', before, []]);
    for (const path of ['parties/party-1/contact', 'notice'])
      expect(
        (await stack().calls('M-601', 'GET', `/claims/${number}/${path}?purpose=supervision`)).status,
      ).toBe(404);
    const pem = readFileSync(join(stack().dataDir, 'keys', 'root', 'archive.private.pem'), 'utf8');
    expect(unsealWith(takenBack(wrapped, pem), sealed, `${number}/party-1`)).toMatchObject({
      name: expect.any(String),
    });
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
