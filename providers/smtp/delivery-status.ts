import { present } from '../../domain/present.ts';

/**
 * The meaning of an enhanced status code (RFC 3463) for the contact, by subject and detail. With any other
 * code, another message may be delivered.
 */
const whyOf: Record<string, 'contact' | 'content'> = {
  '1.0': 'contact', // something about the address
  '1.1': 'contact', // no such mailbox
  '1.2': 'contact', // no such domain
  '1.3': 'contact', // no address at all
  '1.6': 'contact', // has moved
  '1.10': 'contact', // the domain takes no mail
  '2.1': 'contact', // the mailbox is disabled
  '6.1': 'content', // a kind of content that is not taken
  '7.1': 'content', // rejected by policy
};

export interface DeliveryStatus {
  outcome: 'delivered' | 'bounced';
  code?: string;
  why?: 'contact' | 'content';
  /** The addresses that it is about: as we wrote it, and as the last server knew it. */
  recipients: string[];
}

const recipientLine = /^(?:Original|Final)-Recipient:\s*rfc822\s*;\s*<?([^\s<>]+)>?\s*$/gim;

/**
 * Reads the machine-readable part of a report (`message/delivery-status`, RFC 3464). Undefined when it is not
 * final: a delay, or an unknown action. `failed` is final whatever its class: a server that has given up
 * (4.4.7) has not delivered, but the address is not the cause.
 */
export function readDeliveryStatus(report: string): DeliveryStatus | undefined {
  const text = report.replace(/\r?\n[ \t]+/g, ' ');
  const recipients = Array.from(text.matchAll(recipientLine), ([, address = '']) => address);
  const action = /^Action:\s*(\w+)/im.exec(text)?.[1]?.toLowerCase();
  const [, kind, detail] = /^Status:\s*([245])\.(\d{1,3}\.\d{1,3})/im.exec(text) ?? [];
  if (action === 'delivered') return { outcome: 'delivered', recipients };
  if (action !== 'failed') return undefined;
  const why = kind === '5' && detail !== undefined ? whyOf[detail] : undefined;
  return {
    outcome: 'bounced',
    recipients,
    code: detail === undefined ? 'failed' : `${kind}.${detail}`,
    ...present({ why }),
  };
}
