import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../database.ts';
import { registerKeys, type KeyFault, type RegisteredKeys } from './register-keys.ts';
import { weakRecords } from '../production.ts';
import { isDatabaseUnreachable } from '../database-errors.ts';

export interface KeyWatch {
  database: Database;
  keys: RegisteredKeys;
  /** For real customers the records must be fit, too (`records/production.ts`). */
  production?: boolean;
  /** Called once for each fault that affects only some claims. */
  warn(sentence: string): void;
  /** Called when a key later proves to differ from the one in the records, which were down at the start. */
  fail(sentence: string): void;
}

/**
 * The time of a key's last use need not be more exact. After an outage of the records the keys are compared
 * sooner.
 */
const everyMs = 10 * 60_000;
const againMs = 2_000;
/** A program starts even while the records are down. */
const patienceMs = 3_000;

type Finding = Omit<KeyFault, 'keyId'>;

/**
 * Compares the keys with those in the records, before the program uses a wrong one. Throws one sentence if a
 * key is wrong, or if the records are too weak for production. If the records are down it returns and tries
 * again later. Gives the function that ends the watch.
 */
export async function watchKeys(watch: KeyWatch): Promise<() => void> {
  const warned = new Set<string>();
  const first = await Promise.race([compared(watch), pause(patienceMs, 'later' as const, { ref: false })]);
  if (first !== 'later') throwSerious(first);
  sentencesOf(first);
  let timer = setTimeout(round, first === 'later' ? againMs : everyMs).unref();
  return () => clearTimeout(timer);

  async function round(): Promise<void> {
    const faults = await compared(watch).catch(() => 'later' as const);
    sentencesOf(faults);
    const serious = faults === 'later' ? [] : faults.filter((fault) => fault.serious);
    if (serious.length > 0) watch.fail(inOne(serious));
    timer = setTimeout(round, faults === 'later' ? againMs : everyMs).unref();
  }

  function sentencesOf(faults: Finding[] | 'later'): void {
    if (faults === 'later') return;
    for (const { sentence } of faults.filter(({ serious }) => !serious))
      if (!warned.has(sentence)) watch.warn(sentence);
    for (const { sentence } of faults) warned.add(sentence);
  }
}

const compared = (watch: KeyWatch): Promise<Finding[] | 'later'> =>
  findings(watch).catch((fault: unknown) => (isDatabaseUnreachable(fault) ? 'later' : Promise.reject(fault)));

async function findings({ database, keys, production = false }: KeyWatch): Promise<Finding[]> {
  const weak = production ? await weakRecords(database) : [];
  if (weak.length > 0) return weak.map((sentence) => ({ serious: true, sentence }));
  return registerKeys(database, keys);
}

function throwSerious(faults: Finding[]): void {
  const serious = faults.filter((fault) => fault.serious);
  if (serious.length > 0) throw new Error(inOne(serious));
}

const inOne = (faults: Finding[]): string => faults.map(({ sentence }) => sentence).join(' ');
