import { domainToASCII } from 'node:url';
import { plainSigns } from '../domain/folding.ts';

/**
 * One email address in the form in which it is kept and sent: without blanks around, its domain in ASCII
 * (`xn--…` for 例子.中国) and small letters. Undefined for anything else, such as two addresses, a name beside
 * it, a part that no server takes (RFC 5321: 64 signs before the @, 254 in all), or what a header or an SMTP
 * command could take for more. The intake and the sender both ask here.
 */
export function emailAddress(text: string): string | undefined {
  const plain = plainSigns(text).trim();
  const [name = '', host = '', ...more] = plain.split('@');
  const domain = isHost.test(host) ? domainToASCII(host) : '';
  const labels = domain.split('.');
  const isOne =
    more.length === 0 &&
    name.length <= 64 &&
    isMailboxName.test(name) &&
    labels.length > 1 &&
    labels.every((label) => isLabel.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '') &&
    name.length + domain.length < 254;
  return isOne ? `${name}@${domain}` : undefined;
}

/** Letters and digits of any alphabet: `domainToASCII` would also take an address of a web page apart. */
const isHost = /^[\p{L}\p{M}\p{N}.-]{1,253}$/u;
const isMailboxName = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const isLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
