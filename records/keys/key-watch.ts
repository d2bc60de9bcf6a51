import { setTimeout as pause } from 'node:timers/promises';
import type { Keyring } from '../../security/keyring.ts';
import type { Database } from '../database.ts';
import { registerKeys, type KeyFault } from './register-keys.ts';
import { isDatabaseUnreachable } from '../database-errors.ts';

export interface KeyWatch {
  database: Database;
  keyring: Keyring;
  /** Told of each fault that only some claims suffer from, once. */
  warn(sentence: string): void;
  /**
   * Told when it turns out later that a key is another than the records know: the records were away at the
   * start.
   */
  fail(sentence: string): void;
}

/**
 * So seldom does it matter when a key encrypted last; and so soon are keys compared once the records are
 * back.
 */
const everyMs = 10 * 60_000;
const againMs = 2_000;
/** A program starts while the records are away. */
const patienceMs = 3_000;

/**
 * Compares the keys with what the records know of them, before anything is decided or filed under a wrong
 * one: throws a sentence then.
 * Where the records cannot be reached it returns, and goes on asking. Gives what ends it.
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

  function sentencesOf(faults: KeyFault[] | 'later'): void {
    if (faults === 'later') return;
    for (const { sentence } of faults.filter(({ serious }) => !serious))
      if (!warned.has(sentence)) watch.warn(sentence);
    for (const { sentence } of faults) warned.add(sentence);
  }
}

const compared = ({ database, keyring }: KeyWatch): Promise<KeyFault[] | 'later'> =>
  registerKeys(database, keyring).catch((fault: unknown) =>
    isDatabaseUnreachable(fault) ? 'later' : Promise.reject(fault),
  );

function throwSerious(faults: KeyFault[]): void {
  const serious = faults.filter((fault) => fault.serious);
  if (serious.length > 0) throw new Error(inOne(serious));
}

const inOne = (faults: KeyFault[]): string => faults.map(({ sentence }) => sentence).join(' ');
