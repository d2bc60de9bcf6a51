import { connect } from 'node:net';
import { readEnv } from '../../config/env.ts';
import { weakRecordsAt } from '../../local/weak-records.ts';
import { temporalCli } from '../../local/tools.ts';
import { connectClaims } from '../engine/claims.ts';
import type { CommandResult } from './command-action.ts';
import { apiAt } from '../own-api/api.ts';
import { notRunning, openConnection, runningStack, type Globals, type StackFile } from './connection.ts';
import { table } from './table.ts';
import { present } from '../../domain/present.ts';

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  /** It is well, and the detail says what must be done soon. */
  warns?: true;
}

const patienceMs = 3_000;

/**
 * Checks everything that can be reached from here: the tools, the API and its parts, the local stack's
 * programs.
 */
export async function examine(globals: Globals): Promise<{ answer: CommandResult; healthy: boolean }> {
  const weak = await unfit();
  if (weak.length > 0) return verdict(weak);
  const stack = globals.api === undefined ? runningStack(globals) : undefined;
  const groups = await Promise.all([
    tools(),
    ownSettings(),
    apiAndParts(globals),
    ...(stack ? programsOf(stack) : []),
  ]);
  return verdict(groups.flat());
}

function verdict(findings: Finding[]): { answer: CommandResult; healthy: boolean } {
  const healthy = findings.every(({ ok }) => ok);
  return {
    healthy,
    answer: {
      value: { healthy, parts: findings },
      text: table(
        ['', 'part', 'where'],
        findings.map((found) => [markOf(found), found.name, found.detail]),
      ),
    },
  };
}

function markOf({ ok, warns }: Finding): string {
  if (!ok) return '✗';
  return warns ? '!' : '✓';
}

/** With settings that are wrong or too weak nothing else can be looked at: a finding for each. */
async function unfit(): Promise<Finding[]> {
  try {
    const { production, databaseUrl } = readEnv();
    const weak = production && databaseUrl ? await weakRecordsAt(databaseUrl) : [];
    return weak.map((detail) => ({ name: 'records', ok: false, detail }));
  } catch (fault) {
    return sentence(fault)
      .split('\n')
      .map((detail) => ({ name: 'settings', ok: false, detail }));
  }
}

async function ownSettings(): Promise<Finding[]> {
  const { production, warnings } = readEnv();
  const detail = production ? 'strong enough for production' : 'for one machine: LIPEI_PRODUCTION is not set';
  return [
    { name: 'settings', ok: true, detail },
    ...warnings.map((warning) => ({ name: 'settings', ok: true, warns: true as const, detail: warning })),
  ];
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
      ...parts.map(({ name, ok, detail }) => ({
        name: `API: ${name}`,
        ok,
        detail: detail ?? '',
        ...present({ warns: ok && detail ? true : undefined }),
      })),
    ];
  } catch (fault) {
    return [{ name: 'API', ok: false, detail: sentence(fault) }];
  }
}

/** The programs of the local stack. The API's health covers programs on other machines. */
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
    // A Temporal that we did not start may need TLS and a key, which only the API has.
    finding('Temporal', () =>
      temporalUi ? serving(temporalAddress) : reached(new URL(`tcp://${temporalAddress}`)),
    ),
    ...(databaseUrl ? [finding('PostgreSQL', () => reached(new URL(databaseUrl)))] : []),
    ...Object.entries(pages).flatMap(([name, url]) => (url ? [finding(name, () => answering(url))] : [])),
  ];
}

/** A server that hangs still takes connections, so a port that listens is no proof. */
async function serving(address: string): Promise<string> {
  const claims = connectClaims({ connection: { address }, namespace: 'default' });
  const answers = await claims.isReachable();
  await claims.close();
  if (answers) return address;
  throw new Error(`${address} does not answer`);
}

/** Something listens there. The result has no user and password. */
function reached({ hostname, port, host }: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 5432), timeout: patienceMs });
    socket
      .once('connect', () => resolve(host))
      .once('timeout', () => reject(new Error(`${host} does not answer`)))
      .once('error', () => reject(new Error(`nothing listens at ${host}`)));
    socket.once('connect', () => socket.destroy()).once('timeout', () => socket.destroy());
  });
}

async function answering(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
  if (!response) throw new Error(`nothing answers at ${url}`);
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
