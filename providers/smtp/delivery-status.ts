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

/** Why a mail came back, by its enhanced status code such as 5.1.1; undefined where another may arrive. */
export function whyOfStatus(code: string): 'contact' | 'content' | undefined {
  const [, kind, detail = ''] = /^([245])\.(\d{1,3}\.\d{1,3})$/.exec(code) ?? [];
  return kind === '5' ? whyOf[detail] : undefined;
}

const recipientLine = /^(?:Original|Final)-Recipient:\s*(?:rfc822|utf-8)\s*;\s*<?([^\s<>]+)>?\s*$/gim;

/**
 * Reads the machine-readable part of a report (`message/delivery-status`, RFC 3464): one status for each
 * recipient whose delivery has ended. A delay, or an unknown action, is none. `failed` is final whatever its
 * class: a server that has given up (4.4.7) has not delivered, but the address is not the cause.
 */
export const readDeliveryStatuses = (report: string): DeliveryStatus[] =>
  report
    .replace(/\r\n/g, '\n')
    .replace(/\n[ \t]+(?=\S)/g, ' ')
    .split(/\n\s*\n/)
    .flatMap((block) => statusIn(block) ?? []);

function statusIn(block: string): DeliveryStatus | undefined {
  const recipients = Array.from(block.matchAll(recipientLine), ([, address = '']) => address);
  const action = /^Action:\s*(\w+)/im.exec(block)?.[1]?.toLowerCase();
  if (action === 'delivered') return { outcome: 'delivered', recipients };
  if (action !== 'failed') return undefined;
  const code = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(block)?.[1];
  return {
    outcome: 'bounced',
    recipients,
    code: code ?? 'failed',
    ...present({ why: code === undefined ? undefined : whyOfStatus(code) }),
  };
}
