import twilio from 'twilio';

/**
 * True if Twilio signed this callback for exactly this address. `url` is the configured address with its
 * query, never one made from the request's headers. `params` are all fields of the form, also unknown ones.
 */
export const twilioSignatureMatches = (
  authToken: string,
  url: string,
  params: Record<string, string>,
  signature: string,
): boolean => twilio.validateRequest(authToken, signature, url, params);
