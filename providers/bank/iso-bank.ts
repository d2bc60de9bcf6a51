import type { BankPort, PaymentOrder } from '../ports.ts';
import { neverConnected } from '../never-connected.ts';
import { customerCreditTransfer, type Debtor, plainAccount } from './pain-001.ts';
import { type BankStatus, readBankStatus } from './pain-002.ts';
import { signatureOf } from './signature.ts';
import { providerUrl } from '../provider-url.ts';
import { present } from '../../domain/present.ts';

export interface BankAccount {
  /** The bank's address; payments are posted to `<url>/payments`. */
  url: string;
  /** The secret that both sides sign with. */
  secret: string;
  /** The address for the bank's reports on payments. */
  callback?: string;
  /** Without it `NOTPROVIDED`, the standard's word for data that the bank knows from the contract. */
  debtor?: Debtor;
  timeoutMs?: number;
}

/**
 * Payments through a bank that takes pain.001 and answers pain.002. No error contains the payee's name or the
 * account. Throws at once when the address is neither https nor on this machine, and for an order that no
 * bank could take.
 */
export function isoBank(account: BankAccount): BankPort {
  const debtor = account.debtor ?? { name: 'NOTPROVIDED', account: 'NOTPROVIDED' };
  providerUrl(account.url);
  return {
    async instruct(order) {
      assertPayable(order);
      const incomplete = incompletePayee(order);
      if (incomplete) return { kind: 'refused', reason: incomplete };
      const answer = await ask(account, '/payments', customerCreditTransfer(order, debtor, new Date()));
      if (answer.kind !== 'answered') return answer;
      // Without a report the bank has not looked at the payment. The fault is ours, not the payee's:
      // operations fix it, then the payment is tried again.
      if (answer.status >= 400) return { kind: 'busy', code: `http-${answer.status}` };
      const status = statusIn(answer.body, order.id);
      if (!status) return { kind: 'unknown', code: 'unreadable' };
      return status.kind === 'returned' ? { kind: 'refused', reason: status.reason } : { kind: 'accepted' };
    },
    async inquire(id) {
      const answer = await ask(account, `/payments/${encodeURIComponent(id)}`);
      if (answer.kind !== 'answered') return { kind: 'busy', code: answer.code };
      if (answer.status === 404) return { kind: 'not-known' };
      const status = answer.status === 200 ? statusIn(answer.body, id) : undefined;
      if (!status)
        return { kind: 'busy', code: answer.status === 200 ? 'unreadable' : `http-${answer.status}` };
      const { id: _, ...word } = status;
      return word;
    },
  };
}

/** Limits of the standard. Only a mistake of ours can exceed them. */
function assertPayable({ id, amount }: PaymentOrder): void {
  if (!/^[A-Za-z0-9/?:().,'+-]{1,35}$/.test(id))
    throw new RangeError(`Payment id ${id} is not one that banks carry (35 plain characters)`);
  if (!Number.isSafeInteger(amount.minor) || amount.minor <= 0)
    throw new RangeError(`Payment ${id} has no positive amount in minor units`);
  if (!/^[A-Z]{3}$/.test(amount.currency)) throw new RangeError(`Payment ${id} has no currency`);
}

/** The bank's code for a payee without a name (BE22), or with a number that is no account's (AC01). */
function incompletePayee({ payee }: PaymentOrder): string | undefined {
  if (payee.name.trim() === '') return 'BE22';
  return /^[A-Za-z0-9/?:().,'+-]{1,34}$/.test(plainAccount(payee.account)) ? undefined : 'AC01';
}

type Answer =
  | { kind: 'answered'; status: number; body: string }
  | { kind: 'busy'; code: string }
  | { kind: 'unknown'; code: string };

/** Posts the body, or inquires when there is none. The signature covers the body, or else the path. */
async function ask(
  { url, secret, callback, timeoutMs = 10_000 }: BankAccount,
  path: string,
  body?: string,
): Promise<Answer> {
  const address = new URL(`${url.replace(/\/$/, '')}${path}`);
  const headers = {
    'content-type': 'application/xml',
    'x-bank-signature': signatureOf(secret, body ?? address.pathname),
    ...present({ 'x-callback-url': callback }),
  };
  try {
    const response = await fetch(address, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 429) return { kind: 'busy', code: 'http-429' };
    if (response.status >= 500) return { kind: 'unknown', code: `http-${response.status}` };
    return { kind: 'answered', status: response.status, body: await response.text() };
  } catch (error) {
    return neverConnected(error)
      ? { kind: 'busy', code: 'not-connected' }
      : { kind: 'unknown', code: 'no-answer' };
  }
}

function statusIn(xml: string, id: string): BankStatus | undefined {
  try {
    const status = readBankStatus(xml);
    return status.id === id ? status : undefined;
  } catch {
    return undefined;
  }
}
