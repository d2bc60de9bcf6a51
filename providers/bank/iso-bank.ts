import { createHmac, timingSafeEqual } from 'node:crypto';

import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

import type { BankPort, PaymentOrder } from '../ports.ts';
import { neverConnected } from '../never-connected.ts';
import { customerCreditTransfer, type Debtor, plainAccount } from './pain-001.ts';
import { providerUrl } from '../provider-url.ts';
import { present } from '../../domain/present.ts';

/**
 * ISO 20022's transaction statuses (ExternalPaymentTransactionStatus1Code) in our words. What is not here is
 * still on its way:
 * the bank goes on to a final status, and until then nobody may be told that the money has arrived.
 */
const words: Record<string, 'confirmed' | 'returned'> = {
  ACSC: 'confirmed', // settled on our account
  ACCC: 'confirmed', // settled on the payee's account
  RJCT: 'returned', // rejected, whether at once or after acceptance
  CANC: 'returned', // cancelled
};

export type BankStatus = { id: string } & (
  { kind: 'pending' } | { kind: 'confirmed'; reference: string } | { kind: 'returned'; reason: string }
);

export interface BankAccount {
  /** The bank's address; payments are posted to `<url>/payments`. */
  url: string;
  /** What both sides sign with. */
  secret: string;
  /** Where the bank reports what became of a payment. */
  callback?: string;
  /** `NOTPROVIDED` is the standard's word for what the bank knows from the contract. */
  debtor?: Debtor;
  timeoutMs?: number;
}

/**
 * Payments through a bank that takes pain.001 and answers pain.002. Neither the payee's name nor the account
 * is in any error.
 * Throws at once for an address that is neither https nor on this machine, and for an order that no bank
 * could take.
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
      // Without a report the bank has not looked at the payment. It's we who are wrong, not the payee:
      // operations put it right, then it goes again.
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

/** Limits of the standard that only a mistake of ours can break. */
function assertPayable({ id, amount }: PaymentOrder): void {
  if (!/^[A-Za-z0-9/?:().,'+-]{1,35}$/.test(id))
    throw new RangeError(`Payment id ${id} is not one that banks carry (35 plain characters)`);
  if (!Number.isSafeInteger(amount.minor) || amount.minor <= 0)
    throw new RangeError(`Payment ${id} has no positive amount in minor units`);
  if (!/^[A-Z]{3}$/.test(amount.currency)) throw new RangeError(`Payment ${id} has no currency`);
}

/** What the bank would say of a payee without a name (BE22) or with a number that is no account's (AC01). */
function incompletePayee({ payee }: PaymentOrder): string | undefined {
  if (payee.name.trim() === '') return 'BE22';
  return /^[A-Za-z0-9/?:().,'+-]{1,34}$/.test(plainAccount(payee.account)) ? undefined : 'AC01';
}

type Answer =
  | { kind: 'answered'; status: number; body: string }
  | { kind: 'busy'; code: string }
  | { kind: 'unknown'; code: string };

/** Posts what there is to post, else inquires. Signed is the body, or where there is none, the path. */
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

/**
 * What a payment status report (pain.002) says of our payment; `id` is the payment's. Throws if the XML is
 * not such a report, or
 * reports on more than one payment: each of ours goes in a message of its own.
 */
export function readBankStatus(xml: string): BankStatus {
  if (xml.includes('<!DOCTYPE')) throw new Error('A bank report has no document type');
  const parsed: unknown = new XMLParser({ parseTagValue: false, removeNSPrefix: true }).parse(xml, true);
  const report = reportSchema.parse(parsed).Document.CstmrPmtStsRpt;
  const transaction = report.OrgnlPmtInfAndSts?.TxInfAndSts;
  const id = transaction?.OrgnlEndToEndId ?? report.OrgnlGrpInfAndSts.OrgnlMsgId;
  const status = transaction?.TxSts ?? report.OrgnlGrpInfAndSts.GrpSts ?? '';
  const reason = (transaction?.StsRsnInf ?? report.OrgnlGrpInfAndSts.StsRsnInf)?.Rsn;
  switch (words[status]) {
    case 'confirmed':
      return { id, kind: 'confirmed', reference: transaction?.AcctSvcrRef ?? id };
    case 'returned':
      return { id, kind: 'returned', reason: reason?.Cd ?? reason?.Prtry ?? status };
    default:
      return { id, kind: 'pending' };
  }
}

const reasonSchema = z
  .object({ Rsn: z.object({ Cd: z.string(), Prtry: z.string() }).partial().optional() })
  .optional();

const reportSchema = z.object({
  Document: z.object({
    CstmrPmtStsRpt: z.object({
      OrgnlGrpInfAndSts: z.object({
        OrgnlMsgId: z.string(),
        GrpSts: z.string().optional(),
        StsRsnInf: reasonSchema,
      }),
      OrgnlPmtInfAndSts: z
        .object({
          TxInfAndSts: z
            .object({
              OrgnlEndToEndId: z.string().optional(),
              TxSts: z.string().optional(),
              StsRsnInf: reasonSchema,
              AcctSvcrRef: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
    }),
  }),
});

/** True if the other side signed exactly these bytes with our common secret (HMAC-SHA256, hexadecimal). */
export function bankSignatureMatches(secret: string, body: string | Buffer, signature: string): boolean {
  const [expected, given] = [Buffer.from(signatureOf(secret, body)), Buffer.from(signature)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

const signatureOf = (secret: string, content: string | Buffer): string =>
  createHmac('sha256', secret).update(content).digest('hex');
