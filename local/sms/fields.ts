import { z } from 'zod';

/** Twilio's formats by name, each with a check of a text. A `date-time` is a day or an instant, in GMT. */
const formats = {
  'phone-number': (text: string) => isNumber(text) || isSenderName(text),
  uri: (text: string) => URL.canParse(text) || text.startsWith('/2010-04-01/'),
  'date-time': (text: string) =>
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?Z)?$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time-rfc-2822': (text: string) =>
    /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/.test(text),
  currency: (text: string) => /^[A-Za-z]{3}$/.test(text),
} satisfies Record<string, (text: string) => boolean>;

/** A text in one of Twilio's formats. */
export const formatted = (format: keyof typeof formats) =>
  z
    .string()
    .refine((text) => formats[format](text), `should be a ${format}`)
    .meta({ format });

/** A number as text. */
export const digits = () => z.string().refine((text) => /^\d+$/.test(text), 'should be digits');

/** E.164: a plus and seven to fifteen digits. */
export const isNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

/** A short code, or a name of up to eleven letters and digits. */
export const isSenderName = (text: string): boolean =>
  /^\d{3,8}$/.test(text) || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text);

/** Twilio's identifiers: two letters for the kind, and 32 hexadecimal digits. */
const sid = (pattern: RegExp) => z.string().length(34).regex(pattern);
export const accountSid = () => sid(/^AC[0-9a-fA-F]{32}$/);
export const messageSid = () => sid(/^(SM|MM)[0-9a-fA-F]{32}$/);
export const serviceSid = () => sid(/^MG[0-9a-fA-F]{32}$/);

/** In characters, not in UTF-16 code units. */
export const longestBody = 1600;
