import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { codePattern } from '../../domain/claim/fields.ts';

export type BankStatus = { id: string } & (
  { kind: 'pending' } | { kind: 'confirmed'; reference: string } | { kind: 'returned'; reason: string }
);

/**
 * ISO 20022's final transaction statuses (ExternalPaymentTransactionStatus1Code) in our words. Any other
 * status is pending: the bank continues to a final one, and until then nobody may be notified of the payment.
 */
const finalStatuses: Record<string, 'confirmed' | 'returned'> = {
  ACSC: 'confirmed', // settled on our account
  ACCC: 'confirmed', // settled on the payee's account
  RJCT: 'returned', // rejected, at once or after acceptance
  CANC: 'returned', // cancelled
};

/**
 * Reads a payment status report (pain.002) on one payment of ours; `id` is the payment's. Throws when the XML
 * is not such a report, or reports on several payments: each of ours has a message of its own.
 */
export function readBankStatus(xml: string): BankStatus {
  if (xml.includes('<!DOCTYPE')) throw new Error('A bank report has no document type');
  const parsed: unknown = new XMLParser({ parseTagValue: false, removeNSPrefix: true }).parse(xml, true);
  const report = reportSchema.parse(parsed).Document.CstmrPmtStsRpt;
  const transaction = report.OrgnlPmtInfAndSts?.TxInfAndSts;
  const id = transaction?.OrgnlEndToEndId ?? report.OrgnlGrpInfAndSts.OrgnlMsgId;
  const status = transaction?.TxSts ?? report.OrgnlGrpInfAndSts.GrpSts ?? '';
  const reason = (transaction?.StsRsnInf ?? report.OrgnlGrpInfAndSts.StsRsnInf)?.Rsn;
  switch (finalStatuses[status]) {
    case 'confirmed':
      return { id, kind: 'confirmed', reference: referenceIn(transaction?.AcctSvcrRef) ?? id };
    case 'returned':
      return { id, kind: 'returned', reason: [reason?.Cd, reason?.Prtry].find(isCode) ?? status };
    default:
      return { id, kind: 'pending' };
  }
}

/** A bank may write a sentence where its code belongs. Claims take codes only. */
const isCode = (text: string | undefined): text is string => text !== undefined && codePattern.test(text);

/** The bank's reference without spaces and other signs that no code has. */
const referenceIn = (text: string | undefined): string | undefined =>
  [text?.replace(/[^A-Za-z0-9._:/-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')].find(isCode);

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
