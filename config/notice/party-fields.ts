import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import {
  inWords,
  partyFields,
  type PartyFieldName,
  type PartyFieldValues,
} from '../../domain/people/party-fields.ts';
import { present } from '../../domain/present.ts';
import { must, mustBe } from '../field-sentences.ts';
import { line, matching } from './texts.ts';

export const phoneRight =
  'a telephone number in international notation such as +8613800138000 (for zh-CN also as dialled in China)';
const accountRight = 'a bank account or card number of 5 to 34 digits and letters';
const emailRight = 'one email address such as wang@example.com';
const zoneRight = 'a time zone such as Asia/Shanghai';

/** One schema for each field of a party, in a notice and in a later correction. */
export const partyFieldSchemas = {
  name: line('a name of 1 to 100 characters', 100),
  phone: z
    .string({ error: must(phoneRight) })
    .max(30, mustBe(phoneRight))
    .meta({ description: phoneRight, examples: ['+8613800138000'] }),
  email: z.email({ error: must(emailRight) }).max(254, mustBe(emailRight)),
  prefers: z
    .enum(partyFields.prefers.values, { error: must(inWords(partyFields.prefers.values)) })
    .meta({ description: 'The channel that the party prefers' }),
  locale: z.enum(partyFields.locale.values, { error: must(inWords(partyFields.locale.values)) }).meta({
    description: "The party's language: zh-CN or en; the default is that of the policy's jurisdiction",
  }),
  timeZone: z
    .string({ error: must(zoneRight) })
    .refine(isTimeZone, { error: mustBe(zoneRight) })
    .meta({
      description: `The party's time zone: ${zoneRight}; the default is that of the policy's jurisdiction`,
    }),
  account: matching(accountRight, /^(?:\s*[A-Za-z0-9]){5,34}\s*$/).transform((account) =>
    account.replace(/\s+/g, ''),
  ),
} satisfies { [Name in PartyFieldName]: z.ZodType<NonNullable<PartyFieldValues[Name]>> };

/**
 * The number in E.164, or undefined if it is no telephone number. Parties who read Chinese, which is the
 * default, may leave the country code out.
 */
export function phoneNumber(text: string, locale = 'zh-CN'): string | undefined {
  const number = parsePhoneNumberFromString(text, {
    ...present({ defaultCountry: locale.startsWith('zh') ? 'CN' : undefined }),
    extract: false,
  });
  // The table of Chinese numbers is complete. Other countries change theirs faster than any table of them.
  const isOne = number?.countryCallingCode === '86' ? number.isValid() : number?.isPossible();
  return number && isOne && !number.ext ? number.number : undefined;
}

/** The country of a number in E.164, such as US; undefined when it belongs to none. */
export const countryOfPhone = (number: string): string | undefined =>
  parsePhoneNumberFromString(number)?.country;

/** Names only: an offset such as `+08:00` does not know when the clocks change. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
