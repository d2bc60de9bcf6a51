import { connect } from 'node:net';
import { temporalCli } from '../../local/tools.ts';
import { connectClaims } from '../engine/claims.ts';
import type { CommandResult } from './command-action.ts';
import { apiAt } from '../own-api/api.ts';
import { notRunning, openConnection, runningStack, type Globals, type StackFile } from './connection.ts';
import { table } from './table.ts';

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
}

const patienceMs = 3_000;

/**
 * Looks at everything that can be looked at from here: the tools, the API and what it says of its parts, the
 * local stack's programs.
 */
export async function examine(globals: Globals): Promise<{ answer: CommandResult; healthy: boolean }> {
  const stack = globals.api === undefined ? runningStack(globals) : undefined;
  const groups = await Promise.all([tools(), apiAndParts(globals), ...(stack ? programsOf(stack) : [])]);
  const findings = groups.flat();
  const healthy = findings.every(({ ok }) => ok);
  return {
    healthy,
    answer: {
      value: { healthy, parts: findings },
      text: table(
        ['', 'part', 'where'],
        findings.map(({ name, ok, detail }) => [ok ? '✓' : '✗', name, detail]),
      ),
    },
  };
}

async function tools(): Promise<Finding> {
  return finding('tools', async () => `Temporal CLI ${await temporalCli()}`);
}

async function apiAndParts(globals: Globals): Promise<Finding[]> {
  const connection = openConnection(globals);
  if (!connection) return [{ name: 'API', ok: false, detail: notRunning(globals) }];
  try {
    const { status, parts } = await apiAt(() => connection).health();
    return [
      { name: 'API', ok: status === 'ok', detail: connection.url },
      ...parts.map(({ name, ok, detail }) => ({ name: `API: ${name}`, ok, detail: detail ?? '' })),
    ];
  } catch (fault) {
    return [{ name: 'API', ok: false, detail: sentence(fault) }];
  }
}

/** What runs elsewhere the stack has no address of: the API's own health covers it. */
function programsOf({
  temporalAddress,
  temporalUi,
  databaseUrl,
  mail,
  sms,
  bank,
}: StackFile): Promise<Finding>[] {
  const pages = { 'Temporal Web UI': temporalUi, mail, sms, bank };
  return [
    // One that we didn't start may want TLS and a key; the API has them.
    finding('Temporal', () =>
      temporalUi ? serving(temporalAddress) : reached(new URL(`tcp://${temporalAddress}`)),
    ),
    ...(databaseUrl ? [finding('PostgreSQL', () => reached(new URL(databaseUrl)))] : []),
    ...Object.entries(pages).flatMap(([name, url]) => (url ? [finding(name, () => answering(url))] : [])),
  ];
}

/** It does not only listen: one that hangs takes connections and says nothing. */
async function serving(address: string): Promise<string> {
  const claims = connectClaims({ connection: { address }, namespace: 'default' });
  const answers = await claims.isReachable();
  await claims.close();
  if (answers) return address;
  throw new Error(`${address} gives no answer`);
}

/** Somebody listens there. The address is told without user and password. */
function reached({ hostname, port, host }: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 5432), timeout: patienceMs });
    socket
      .once('connect', () => resolve(host))
      .once('timeout', () => reject(new Error(`${host} gives no answer`)))
      .once('error', () => reject(new Error(`nobody listens at ${host}`)));
    socket.once('connect', () => socket.destroy()).once('timeout', () => socket.destroy());
  });
}

async function answering(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
  if (!response) throw new Error(`nobody answers at ${url}`);
  if (response.status >= 500) throw new Error(`${url} answers ${response.status}`);
  return url;
}

async function finding(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (fault) {
    return { name, ok: false, detail: sentence(fault) };
  }
}

const sentence = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
