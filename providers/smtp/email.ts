import { emailAddress } from '../../config/email-address.ts';
import { present } from '../../domain/present.ts';
import type { EmailPort, SendAnswer } from '../ports.ts';
import { limitsOf, type SmtpAccount } from './account.ts';
import { domainOf } from './address.ts';
import { connectionTo, type SmtpConnection } from './connection.ts';
import { headersOf, messageIdOf, oneLine, returnPathOf, threadOf } from './headers.ts';
import { answerOf } from './server-answer.ts';

/**
 * Email through an SMTP server. SMTP does not distinguish a lost message from a lost answer. So each message
 * has a connection to itself, a kept one if there is one, and its conversation is followed: nothing was sent
 * before the server asked for the text (354). Throws at once when an address of the account is none.
 */
export function smtpEmail(account: SmtpAccount): EmailPort {
  const domain = domainOf(account.from);
  if (!/^smtps?:$/.test(new URL(account.url).protocol))
    throw new Error('The mail server has an smtp: or smtps: address');
  const unsubscribe = account.unsubscribe === undefined ? undefined : new URL(account.unsubscribe);
  const free: SmtpConnection[] = [];

  return {
    async send(message) {
      const address = emailAddress(message.to.address);
      if (address === undefined) return { kind: 'rejected', why: 'recipient', code: 'address' };
      const tokens = await tokensOf(message.reference, account).catch(() => undefined);
      if (!tokens) return { kind: 'busy', code: 'records' };
      const messageId = messageIdOf(tokens.own, domain);
      const mail = mailOf({ ...message, to: { ...message.to, address } }, account, {
        domain,
        unsubscribe,
        tokens,
      });
      const over = async (connection: SmtpConnection): Promise<SendAnswer> => {
        const fault = await faultOver(connection, mail);
        if (!fault) free.push(connection);
        return fault ?? { kind: 'accepted', providerId: messageId };
      };
      const kept = free.pop();
      const answer = await over(kept ?? connectionTo(account));
      // A kept connection may have ended just now, or may have carried as many mails as its server allows.
      return kept && answer.kind === 'busy' ? over(connectionTo(account)) : answer;
    },
  };
}

type Email = Parameters<EmailPort['send']>[0];
type Mail = Parameters<SmtpConnection['transport']['sendMail']>[0];

interface Tokens {
  own: string;
  claim: string;
}

async function tokensOf(reference: string, { tokenOf }: SmtpAccount): Promise<Tokens> {
  const [own, claim] = await Promise.all([tokenOf(reference), tokenOf(`claim ${reference.split('/')[0]}`)]);
  return { own, claim };
}

/** The message for nodemailer. Its time limit begins here. */
function mailOf(
  message: Email,
  account: SmtpAccount,
  { domain, unsubscribe, tokens }: { domain: string; unsubscribe: URL | undefined; tokens: Tokens },
): Mail {
  const { to, subject, text, html, mandatory } = message;
  return {
    from: account.from,
    to: { name: oneLine(to.name), address: to.address },
    subject: oneLine(subject),
    text,
    html,
    messageId: messageIdOf(tokens.own, domain),
    ...threadOf(tokens.claim, domain),
    ...present({
      envelope: account.bounces
        ? { from: returnPathOf(tokens.own, account.bounces), to: [to.address] }
        : undefined,
    }),
    headers: headersOf({ mandatory, token: tokens.own }, unsubscribe),
    disableFileAccess: true,
    disableUrlAccess: true,
    signal: AbortSignal.timeout(limitsOf(account).whole),
  };
}

/** Undefined when the server took the message. Otherwise the connection is closed. */
async function faultOver(
  { transport, conversation }: SmtpConnection,
  mail: Mail,
): Promise<SendAnswer | undefined> {
  conversation.begin();
  try {
    await transport.sendMail(mail);
    return undefined;
  } catch (error) {
    transport.close();
    return answerOf(error, conversation.textAskedFor());
  }
}
