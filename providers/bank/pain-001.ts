import { XMLBuilder } from 'fast-xml-parser';
import { isValidIBAN } from 'ibantools';
import { routedAccount } from '../../config/account.ts';
import { majorUnits } from '../../domain/money/money.ts';
import type { PaymentOrder } from '../ports.ts';
import { present } from '../../domain/present.ts';

/** The payer: our account at the bank. */
export interface Debtor {
  name: string;
  account: string;
}

/**
 * One payment as ISO 20022's customer credit transfer (pain.001.001.09): one message, one instruction, one
 * transaction, all under the payment's own id, which comes back in every report. `at` is the time of the
 * message.
 */
export function customerCreditTransfer(order: PaymentOrder, debtor: Debtor, at: Date): string {
  const amount = majorUnits(order.amount.minor, order.amount.currency);
  return new XMLBuilder({ ignoreAttributes: false }).build({
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    Document: {
      '@_xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09',
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: order.id,
          CreDtTm: at.toISOString(),
          NbOfTxs: 1,
          CtrlSum: amount,
          InitgPty: { Nm: text(debtor.name, 140) },
        },
        PmtInf: {
          PmtInfId: order.id,
          PmtMtd: 'TRF',
          ReqdExctnDt: { Dt: at.toISOString().slice(0, 10) },
          Dbtr: { Nm: text(debtor.name, 140) },
          DbtrAcct: { Id: account(debtor.account) },
          DbtrAgt: { FinInstnId: { Othr: { Id: 'NOTPROVIDED' } } },
          CdtTrfTxInf: {
            PmtId: { InstrId: order.id, EndToEndId: order.id },
            Amt: { InstdAmt: { '@_Ccy': order.amount.currency, '#text': amount } },
            ...creditor(order),
            ...present({ RmtInf: order.remittance ? { Ustrd: text(order.remittance, 140) } : undefined }),
          },
        },
      },
    },
  });
}

/** Cut at whole characters, as the standard requires. XML does not allow these control characters. */
const text = (value: string, limit: number): string =>
  [...value.toWellFormed().replace(/[\p{Cc}\uFFFE\uFFFF]+/gu, ' ')].slice(0, limit).join('');

function account(number: string) {
  const plain = plainAccount(number);
  return isValidIBAN(plain) ? { IBAN: plain } : { Othr: { Id: plain } };
}

/** An American account has the routing number of its bank in front. */
function creditor({ amount: { currency }, payee }: PaymentOrder) {
  const routed = currency === 'USD' ? routedAccount(plainAccount(payee.account)) : undefined;
  const bank = routed && { ClrSysMmbId: { ClrSysId: { Cd: 'USABA' }, MmbId: routed.routing } };
  return {
    ...present({ CdtrAgt: bank && { FinInstnId: bank } }),
    Cdtr: { Nm: text(payee.name, 140) },
    CdtrAcct: { Id: routed ? { Othr: { Id: routed.number } } : account(payee.account) },
  };
}

/** People write account numbers in groups. */
export const plainAccount = (number: string): string => number.replace(/\s+/g, '');
