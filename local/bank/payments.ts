import { createHash } from 'node:crypto';

import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

export const paymentSchema = z.object({
  /** The EndToEndId. */
  id: z.string(),
  amount: z.string(),
  currency: z.string(),
  payee: z.string(),
  account: z.string(),
  remittance: z.string(),
  /** The transaction status of ISO 20022, and the reason of RJCT. */
  status: z.enum(['ACTC', 'ACSC', 'RJCT']),
  reason: z.string().nullable(),
  /** The bank's answer to the order; `status` may have changed since. */
  answered: z.enum(['ACTC', 'RJCT']),
  reference: z.string().nullable(),
  receivedAt: z.string(),
  updatedAt: z.string(),
  /** Where the end of the payment is reported, and whether it has been. */
  callback: z.string().nullable(),
  reported: z.boolean(),
});
export type Payment = z.infer<typeof paymentSchema>;

export type Order = Pick<Payment, 'id' | 'amount' | 'currency' | 'payee' | 'account' | 'remittance'>;

/** The one transfer of a pain.001; undefined if the text is no such order. */
export function readOrder(xml: string): Order | undefined {
  const parsed = orderSchema.safeParse(parseXml(xml));
  if (!parsed.success) return undefined;
  const transfer = parsed.data.Document.CstmrCdtTrfInitn.PmtInf.CdtTrfTxInf;
  const { IBAN, Othr } = transfer.CdtrAcct.Id;
  const account = IBAN ?? Othr?.Id;
  if (account === undefined) return undefined;
  return {
    id: transfer.PmtId.EndToEndId,
    amount: transfer.Amt.InstdAmt['#text'],
    currency: transfer.Amt.InstdAmt['@_Ccy'],
    payee: transfer.Cdtr.Nm,
    account,
    remittance: transfer.RmtInf?.Ustrd ?? '',
  };
}

function parseXml(xml: string): unknown {
  try {
    return new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(xml, true);
  } catch {
    return undefined;
  }
}

const orderSchema = z.object({
  Document: z.object({
    '@_xmlns': z.literal('urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'),
    CstmrCdtTrfInitn: z.object({
      PmtInf: z.object({
        CdtTrfTxInf: z.object({
          PmtId: z.object({ EndToEndId: z.string().min(1).max(35) }),
          Amt: z.object({
            InstdAmt: z.object({ '#text': z.string(), '@_Ccy': z.string().regex(/^[A-Z]{3}$/) }),
          }),
          Cdtr: z.object({ Nm: z.string().min(1).max(140) }),
          CdtrAcct: z.object({
            Id: z.object({ IBAN: z.string(), Othr: z.object({ Id: z.string().min(1).max(34) }) }).partial(),
          }),
          RmtInf: z.object({ Ustrd: z.string().max(140) }).optional(),
        }),
      }),
    }),
  }),
});

function objectionTo({ amount, account }: Order): 'AM12' | 'AC01' | null {
  if (!/^\d{1,15}(\.\d{1,5})?$/.test(amount) || Number(amount) === 0) return 'AM12';
  return account.endsWith('9999') ? 'AC01' : null;
}

/**
 * A new payment: accepted, or rejected at once for its amount (AM12) or its account (AC01; here accounts that
 * end in 9999).
 */
export function receive(order: Order, callback: string | null): Payment {
  const at = new Date().toISOString();
  const reason = objectionTo(order);
  const status = reason === null ? 'ACTC' : 'RJCT';
  return {
    ...order,
    status,
    reason,
    answered: status,
    reference: null,
    receivedAt: at,
    updatedAt: at,
    callback,
    reported: reason !== null,
  };
}

/**
 * The end of a payment: the payee has the money, or it came back because the account is closed (AC04; here
 * accounts that end in 0000).
 */
export function settle(payment: Payment): Payment {
  const updatedAt = new Date().toISOString();
  if (payment.account.endsWith('0000')) return { ...payment, status: 'RJCT', reason: 'AC04', updatedAt };
  const reference = `BK${createHash('sha256').update(payment.id).digest('hex').slice(0, 14).toUpperCase()}`;
  return { ...payment, status: 'ACSC', reference, updatedAt };
}

/** The payee's bank sends back a payment that was made: the account is closed (AC04). */
export const sendBack = (payment: Payment): Payment => ({
  ...payment,
  status: 'RJCT',
  reason: 'AC04',
  updatedAt: new Date().toISOString(),
  reported: false,
});

export const isSameOrder = (a: Order, b: Order): boolean =>
  a.id === b.id &&
  a.amount === b.amount &&
  a.currency === b.currency &&
  a.payee === b.payee &&
  a.account === b.account &&
  a.remittance === b.remittance;
