import { create } from './contract.ts';
import { isNumber, isSenderName, longestBody } from './fields.ts';

/** Why Twilio rejects a message: the status of its answer, and its own code and words. */
export interface Objection {
  status: number;
  code: number;
  message: string;
}

/** Twilio's objection to a form of `CreateMessage`, by its description; undefined if it takes the message. */
export function objectionTo(form: Record<string, string>): Objection | undefined {
  const { To = '', From = '', MessagingServiceSid = '', Body = '', StatusCallback } = form;
  if (!To) return refusal(21604, "A 'To' phone number is required.");
  if (!isNumber(plainNumber(To))) return refusal(21211, `Invalid 'To' Phone Number: ${To}`);
  if (!From && !MessagingServiceSid) return refusal(21603, "A 'From' phone number is required.");
  if (From && !isSender(From)) return refusal(21212, `Invalid 'From' Phone Number: ${From}`);
  if (MessagingServiceSid && !create.form.shape.MessagingServiceSid.safeParse(MessagingServiceSid).success)
    return refusal(21701, 'The Messaging Service does not exist.');
  if (!Body) return refusal(21619, 'A text message body or media urls must be specified.');
  if ([...Body].length > longestBody)
    return refusal(21617, `The concatenated message body exceeds the ${longestBody} character limit.`);
  if (StatusCallback !== undefined && !isCallback(StatusCallback))
    return refusal(21609, `The 'StatusCallback' URL ${StatusCallback} is not a valid URL.`);
  return magicRecipients[plainNumber(To)] ?? magicSenders[plainNumber(From)];
}

const refusal = (code: number, message: string, status = 400): Objection => ({ status, code, message });

/** The magic numbers of Twilio's test credentials (twilio.com/docs/iam/test-credentials). */
const magicRecipients: Record<string, Objection> = {
  '+15005550001': refusal(21211, "Invalid 'To' Phone Number"),
  '+15005550002': refusal(21612, "Message cannot be sent with the current combination of 'To' and 'From'"),
  '+15005550003': refusal(21408, 'Permission to send an SMS has not been enabled for the region'),
  '+15005550004': refusal(21610, 'Attempt to send to unsubscribed recipient'),
  '+15005550009': refusal(21614, "'To' number is not a valid mobile number"),
};

const magicSenders: Record<string, Objection> = {
  '+15005550001': refusal(21212, "Invalid 'From' Phone Number"),
  '+15005550007': refusal(
    21606,
    "The 'From' phone number is not a valid, SMS-capable number of your account",
  ),
  '+15005550008': refusal(
    21611,
    "This 'From' number has exceeded the maximum number of queued messages",
    429,
  ),
};

/** Why a message does not arrive: the status it gets instead of another, with Twilio's code and words. */
export interface Trouble {
  instead: 'sent' | 'delivered';
  status: 'failed' | 'undelivered';
  code: number;
  message: string;
}

/** Our own numbers, not Twilio's: messages to these are taken and then do not arrive. */
export const troubles: Record<string, Trouble> = {
  '+15005550031': { instead: 'sent', status: 'failed', code: 30001, message: 'Queue overflow' },
  '+15005550033': {
    instead: 'delivered',
    status: 'undelivered',
    code: 30003,
    message: 'Unreachable destination handset',
  },
  '+15005550036': {
    instead: 'delivered',
    status: 'undelivered',
    code: 30006,
    message: 'Landline or unreachable carrier',
  },
  '+15005550037': { instead: 'delivered', status: 'undelivered', code: 30007, message: 'Message filtered' },
};

export const plainNumber = (number: string): string => number.replace(/[\s().-]/g, '');

/** A name keeps its spaces. */
export const plainSender = (sender: string): string => (isSenderName(sender) ? sender : plainNumber(sender));

export const isSender = (sender: string): boolean => isSenderName(sender) || isNumber(plainNumber(sender));

const isCallback = (url: string): boolean => URL.canParse(url) && /^https?:\/\/[^_/?#]+([/?#]|$)/.test(url);

/** A message with only one of these words unsubscribes or subscribes again, in upper or lower case. */
export const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT'];
export const startWords = ['START', 'YES', 'UNSTOP'];
