import { createServer } from 'node:net';

export const portNames = [
  'api',
  'temporal',
  'temporalUi',
  'codec',
  'postgres',
  'smtp',
  'mailbox',
  'sms',
  'bank',
  'inboundMail',
  'policySource',
] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Record<PortName, number>;

/** The purposes of a local stack's ports, in order from its base. */
const purposes: Record<PortName, string> = {
  api: 'the API',
  temporal: 'Temporal',
  temporalUi: 'the Temporal Web UI',
  codec: 'the codec server',
  postgres: 'PostgreSQL',
  smtp: 'incoming email',
  mailbox: 'the mailbox page',
  sms: 'the SMS stand-in',
  bank: 'the bank stand-in',
  inboundMail: 'mail that comes back',
  policySource: 'the stand-in of a policy system',
};

export const usualPortBase = 7400;
const lastBase = 65_536 - portNames.length;

/** Throws when `base` leaves no room for the ports that follow it. */
export function portsFrom(base: number): Ports {
  if (!Number.isInteger(base) || base < 1024 || base > lastBase) {
    throw new Error(
      `--port-base ${base} is wrong: ` +
        `it should be a whole number from 1024 to ${lastBase}, such as ${usualPortBase}.`,
    );
  }
  return {
    api: base,
    temporal: base + 1,
    temporalUi: base + 2,
    codec: base + 3,
    postgres: base + 4,
    smtp: base + 5,
    mailbox: base + 6,
    sms: base + 7,
    bank: base + 8,
    inboundMail: base + 9,
    policySource: base + 10,
  };
}

/** Throws one sentence with every port of `needed` that something else already listens on. */
export async function requireFreePorts(ports: Ports, needed: readonly PortName[]): Promise<void> {
  const free = await Promise.all(needed.map((name) => isFree(ports[name])));
  const taken = needed.filter((_, index) => !free[index]).map((name) => `${ports[name]} (${purposes[name]})`);
  if (taken.length === 0) return;
  const [which, be, pronoun] = taken.length === 1 ? ['Port', 'is', 'it'] : ['Ports', 'are', 'them'];
  throw new Error(
    `${which} ${taken.join(', ')} ${be} taken: end what uses ${pronoun}, or choose other ports ` +
      `with --port-base, for instance --port-base ${otherBase(ports.api)}.`,
  );
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => answer(true)));
  });
}

function otherBase(base: number): number {
  return base + 100 <= lastBase ? base + 100 : usualPortBase;
}

/** A port that is free at this moment; for short uses. */
export function freePort(): Promise<number> {
  return freeRun(1);
}

/** A base whose ports are all free at this moment. */
export function freePortBase(): Promise<number> {
  return freeRun(portNames.length);
}

/** Below the ports that the system takes for outgoing connections (from 32768 on). */
const [lowest, highest] = [10_000, 32_000];
let next = lowest + Math.floor(Math.random() * (highest - lowest));

/** The first of `length` free ports in a row, never twice the same in one process. */
async function freeRun(length: number): Promise<number> {
  for (;;) {
    const first = next + length > highest ? lowest : next;
    next = first + length;
    const free = await Promise.all(Array.from({ length }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}
