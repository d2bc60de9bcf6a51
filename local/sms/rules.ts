/** What Twilio says instead of taking a message: the status of its answer and its own code. */
export interface Objection {
  status: number;
  code: number;
  message: string;
}

/** What Twilio's description of `CreateMessage` demands of its form; undefined if it would take the message. */
export function objectionTo(form: Record<string, string>): Objection | undefined {
  const { To = '', From = '', MessagingServiceSid = '', Body = '', StatusCallback } = form;
  if (!To) return refusal(21604, "A 'To' phone number is required.");
  if (!isNumber(To)) return refusal(21211, `Invalid 'To' Phone Number: ${To}`);
  if (!From && !MessagingServiceSid) return refusal(21603, "A 'From' phone number is required.");
  if (From && !isSender(From)) return refusal(21212, `Invalid 'From' Phone Number: ${From}`);
  if (MessagingServiceSid && !/^MG[0-9a-fA-F]{32}$/.test(MessagingServiceSid)) return refusal(21701, 'The Messaging Service does not exist.');
  if (!Body) return refusal(21619, 'A text message body or media urls must be specified.');
  if ([...Body].length > 1600) return refusal(21617, 'The concatenated message body exceeds the 1600 character limit.');
  if (StatusCallback !== undefined && !isCallback(StatusCallback)) return refusal(21609, `The 'StatusCallback' URL ${StatusCallback} is not a valid URL.`);
  return magicRecipients[plainNumber(To)] ?? magicSenders[plainNumber(From)];
}

const refusal = (code: number, message: string, status = 400): Objection => ({ status, code, message });

/** The numbers that Twilio's test credentials answer for (twilio.com/docs/iam/test-credentials). */
const magicRecipients: Record<string, Objection> = {
  '+15005550001': refusal(21211, "Invalid 'To' Phone Number"),
  '+15005550002': refusal(21612, "Message cannot be sent with the current combination of 'To' and 'From'"),
  '+15005550003': refusal(21408, 'Permission to send an SMS has not been enabled for the region'),
  '+15005550004': refusal(21610, 'Attempt to send to unsubscribed recipient'),
  '+15005550009': refusal(21614, "'To' number is not a valid mobile number"),
};

const magicSenders: Record<string, Objection> = {
  '+15005550001': refusal(21212, "Invalid 'From' Phone Number"),
  '+15005550007': refusal(21606, "The 'From' phone number is not a valid, SMS-capable number of your account"),
  '+15005550008': refusal(21611, "This 'From' number has exceeded the maximum number of queued messages", 429),
};

/** Ours, not Twilio's: messages to these are taken and then not delivered, with Twilio's code for it. */
export const undeliverable: Record<string, number> = {
  '+15005550033': 30003, // switched off
  '+15005550036': 30006, // a landline
};

export const plainNumber = (number: string): string => number.replace(/[\s().-]/g, '');

const isNumber = (number: string): boolean => /^\+[1-9]\d{6,14}$/.test(plainNumber(number));

/** A number, a short code, or a name of up to eleven letters and digits. */
const isSender = (from: string): boolean => isNumber(from) || /^\d{3,8}$/.test(from) || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(from);

const isCallback = (url: string): boolean => URL.canParse(url) && /^https?:\/\/[^_/?#]+([/?#]|$)/.test(url);

/** Words with which a whole message unsubscribes or subscribes again, in any case. */
export const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT'];
export const startWords = ['START', 'YES', 'UNSTOP'];
