/**
 * One mailbox, and nothing that a header or an SMTP command could take for more: no comma, line break, quotes
 * or brackets.
 */
export function isSingleAddress(address: string): boolean {
  if (address.length > 254) return false;
  const [name = '', host = '', ...more] = address.split('@');
  return more.length === 0 && isMailboxName.test(name) && host.split('.').every((part) => isLabel.test(part));
}

const isMailboxName = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const isLabel = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/;

/** The domain of `Name <name@domain>` or `name@domain`. Throws when there is none. */
export function domainOf(from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?$/.exec(from.trim())?.[1];
  if (!domain) throw new Error('The sender of emails has no domain');
  return domain;
}
