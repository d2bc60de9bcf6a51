import type { Notification } from '../domain/notifications.ts';
import type { Keyring } from '../security/keyring.ts';
import type { Database } from './database.ts';
import { contactOf } from './parties.ts';

/** Where one message goes. */
export interface Address {
  /** For the ledger: the party or the staff code, never a name. */
  recipient: string;
  name: string;
  phone?: string;
  email?: string;
  locale: string;
  timeZone: string;
}

/** Staff read the company's language; a party reads its own. */
const staffLocale = { locale: 'zh-CN', timeZone: 'Asia/Shanghai' };

/** Undefined when the recipient cannot be reached by the notification's channel. */
export async function addressOf(database: Database, keyring: Keyring, claim: { number: string; branch: string }, { to, channel }: Notification): Promise<Address | undefined> {
  const address = 'party' in to ? { recipient: to.party, ...(await contactOf(database, keyring, claim.number, to.party)) } : await staffAddress(database, claim.branch, to);
  const reachable = channel === 'letter' || (channel === 'sms' ? address?.phone : address?.email);
  return reachable ? address : undefined;
}

/** A named person, or the first who has the role: in the claim's branch, else anywhere. */
async function staffAddress(database: Database, branch: string, to: { staff: string } | { role: string }): Promise<Address | undefined> {
  const person = 'staff' in to
    ? await database.person.findUnique({ where: { code: to.staff } })
    : ((await database.person.findFirst({ where: { active: true, branch, roles: { has: to.role } }, orderBy: { code: 'asc' } })) ??
      (await database.person.findFirst({ where: { active: true, roles: { has: to.role } }, orderBy: { code: 'asc' } })));
  return person ? { recipient: person.code, name: person.name, email: person.email, ...staffLocale } : undefined;
}
