import { createServer } from 'node:net';

export const portNames = ['api', 'temporal', 'temporalUi', 'codec', 'postgres', 'smtp', 'mailbox', 'sms', 'bank', 'inboundMail'] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Record<PortName, number>;

/** What the ports of a local stack are for, in order from its base. */
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
};

export const usualPortBase = 7400;
const lastBase = 65_536 - portNames.length;

/** Throws when `base` leaves no room for the ports that follow it. */
export function portsFrom(base: number): Ports {
  if (!Number.isInteger(base) || base < 1024 || base > lastBase) {
    throw new Error(`--port-base ${base} is wrong: it should be a whole number from 1024 to ${lastBase}, such as ${usualPortBase}.`);
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
  };
}

/** Throws one sentence with every port of `needed` that something else already listens on. */
export async function requireFreePorts(ports: Ports, needed: readonly PortName[]): Promise<void> {
  const free = await Promise.all(needed.map((name) => isFree(ports[name])));
  const taken = needed.filter((_, index) => !free[index]).map((name) => `${ports[name]} (${purposes[name]})`);
  if (taken.length === 0) return;
  const [which, be, pronoun] = taken.length === 1 ? ['Port', 'is', 'it'] : ['Ports', 'are', 'them'];
  throw new Error(`${which} ${taken.join(', ')} ${be} taken: end what uses ${pronoun}, or choose other ports with --port-base, for instance --port-base ${otherBase(ports.api)}.`);
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

/** A port that nobody listens on at this moment, for what lives only for a moment itself. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('The system gave no port.'))));
    });
  });
}
