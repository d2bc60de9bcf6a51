import twilio from 'twilio';

/** What Twilio's callback for a text is answered with (TwiML): nothing, or one text back to its sender. */
export function answerToText(words?: string): string {
  if (words === undefined) return '<Response/>';
  const answer = new twilio.twiml.MessagingResponse();
  answer.message(words);
  return answer.toString();
}
