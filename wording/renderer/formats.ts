import { majorUnits, type Currency } from '../../domain/money/money.ts';
import type { Instant } from '../../domain/time/time.ts';

/** Days, moments and amounts in the format of one reader. */
export interface Formats {
  day(instant: Instant): string;
  moment(instant: Instant): string;
  money(minor: number): string;
}

/**
 * In the reader's own locale if its language is the templates' language (`en-GB` for `en`), otherwise in the
 * templates' locale.
 */
export function formatsFor({ locale, timeZone, currency }: Reader, tag: string): Formats {
  const language = ofSameLanguage(locale, tag) ? locale : tag;
  const key = JSON.stringify([language, timeZone, currency]);
  const formats = made.get(key) ?? formatsOf(language, timeZone, currency);
  if (made.size >= mostMade) made.clear();
  made.set(key, formats);
  return formats;
}

interface Reader {
  locale: string;
  timeZone: string;
  currency: Currency;
}

/** Few readers differ, and an Intl format takes longer to make than a message takes to write. */
const made = new Map<string, Formats>();
const mostMade = 200;

function formatsOf(reader: string, timeZone: string, currency: Currency): Formats {
  const day = new Intl.DateTimeFormat(reader, { timeZone, dateStyle: 'long' });
  const moment = new Intl.DateTimeFormat(reader, { timeZone, dateStyle: 'long', timeStyle: 'short' });
  const money = new Intl.NumberFormat(reader, { style: 'currency', currency });
  return {
    day: (instant) => plainSpaces(day.format(Date.parse(instant))),
    moment: (instant) => plainSpaces(moment.format(Date.parse(instant))),
    money: (minor) => plainSpaces(money.format(Number(majorUnits(minor, currency)))),
  };
}

/** An invalid locale (`xx_`) must not prevent a message. */
function ofSameLanguage(locale: string, tag: string): boolean {
  try {
    return new Intl.Locale(locale).language === new Intl.Locale(tag).language;
  } catch {
    return false;
  }
}

/** Intl's narrow and fixed spaces would force an SMS from GSM-7 into UCS-2, with half the length. */
const plainSpaces = (text: string): string => text.replace(/[\u00A0\u202F]/g, ' ');
