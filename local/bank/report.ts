import { randomUUID } from 'node:crypto';

import { XMLBuilder } from 'fast-xml-parser';
import { present } from '../../domain/present.ts';

/** The payment status report of ISO 20022 (pain.002.001.10) for one payment. */
export function statusReport({
  id,
  status,
  reason,
  reference,
}: {
  id: string;
  status: string;
  reason: string | null;
  reference: string | null;
}): string {
  return new XMLBuilder({ ignoreAttributes: false }).build({
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    Document: {
      '@_xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10',
      CstmrPmtStsRpt: {
        GrpHdr: { MsgId: randomUUID().replaceAll('-', ''), CreDtTm: new Date().toISOString() },
        OrgnlGrpInfAndSts: { OrgnlMsgId: id, OrgnlMsgNmId: 'pain.001.001.09' },
        OrgnlPmtInfAndSts: {
          OrgnlPmtInfId: id,
          TxInfAndSts: {
            OrgnlEndToEndId: id,
            TxSts: status,
            ...present({
              StsRsnInf: reason === null ? undefined : { Rsn: { Cd: reason } },
              AcctSvcrRef: reference ?? undefined,
            }),
          },
        },
      },
    },
  });
}
