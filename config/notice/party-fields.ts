import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import { plainSigns } from '../../domain/folding.ts';
import {
  inWords,
  partyFields,
  type PartyFieldName,
  type PartyFieldValues,
} from '../../domain/people/party-fields.ts';
import { present } from '../../domain/present.ts';
import { accountFault, foldedAccount } from '../account.ts';
import { emailAddress } from '../email-address.ts';
import { must, mustBe } from '../field-sentences.ts';
import type { Mistake } from './mistake.ts';
import { line } from './texts.ts';

export const phoneRight =
  'a telephone number in international notation such as +8613800138000, ' +
  "or as it is dialled in the policy's country";
const accountRight = 'a bank account or card number of 5 to 34 digits and letters';
const holderRight = "the name of the account's holder, of up to 140 characters";
const emailRight = 'one email address such as wang@example.com, with at most 64 signs before the @';
const zoneRight = 'a time zone such as Asia/Shanghai';

/** One schema for each field of a party, in a notice and in a later correction. */
export const partyFieldSchemas = {
  name: line('a name of 1 to 100 characters', 100),
  phone: z
    .string({ error: must(phoneRight) })
    .max(30, mustBe(phoneRight))
    .meta({ description: phoneRight, examples: ['+8613800138000'] }),
  email: z
    .string({ error: must(emailRight) })
    .overwrite((text) => emailAddress(text) ?? text)
    .refine((text) => emailAddress(text) !== undefined, { error: mustBe(emailRight) })
    .meta({ format: 'email', description: emailRight }),
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
  account: z
    .string({ error: must(accountRight) })
    .overwrite(foldedAccount)
    .regex(/^[A-Z0-9]{5,34}$/, mustBe(accountRight))
    .meta({ description: `${accountRight}; its check digits must fit` }),
  accountHolder: line(holderRight, 140),
} satisfies { [Name in PartyFieldName]: z.ZodType<NonNullable<PartyFieldValues[Name]>> };

/** The mistake in a folded account, by the policy's jurisdiction. */
export function accountMistake(
  account: string | undefined,
  field: string,
  country: string | undefined,
): Mistake | undefined {
  const fault = account === undefined ? undefined : accountFault(account, country);
  return fault === undefined ? undefined : { field, understood: true, sentence: `${field} ${fault}.` };
}

/** Where a telephone number that is not international is dialled. */
export interface Dialled {
  /** The policy's jurisdiction; undefined while the policy is unknown. */
  country?: string | undefined;
  /** Chinese is read in China, if nowhere else: the default. */
  locale?: string | undefined;
}

/**
 * The number in E.164, or undefined if it is no telephone number. Also undefined where the number would have
 * other digits than were given: it would be another subscriber's.
 */
export function phoneNumber(text: string, { country, locale = 'zh-CN' }: Dialled): string | undefined {
  const plain = plainSigns(text).trim();
  const countries = [country, locale.startsWith('zh') ? 'CN' : undefined].flatMap((each) =>
    each !== undefined && isSupportedCountry(each) ? [each] : [],
  );
  return plain.startsWith('+')
    ? numberIn(plain.replace(/\(0\)/, ''))
    : countries.map((each) => numberIn(plain, each)).find((each) => each !== undefined);
}

function numberIn(text: string, country?: CountryCode): string | undefined {
  const number = parsePhoneNumberFromString(text, {
    ...present({ defaultCountry: country }),
    extract: false,
  });
  if (!number || number.ext) return undefined;
  const { countryCallingCode, nationalNumber } = number;
  // The table of Chinese numbers is complete. Other countries change theirs faster than any table of them; a
  // number without its country must be in the table, because any digits would do.
  const isOne = countryCallingCode === '86' || country !== undefined ? number.isValid() : number.isPossible();
  const whole = `${countryCallingCode}${nationalNumber}`;
  const ways = country === undefined ? [whole] : [whole, digitsOf(number.formatNational()), `00${whole}`];
  return isOne && ways.includes(digitsOf(text)) ? number.number : undefined;
}

const digitsOf = (written: string): string => written.replace(/\D/g, '');

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
