import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';

import type { SMTPServerOptions } from 'smtp-server';

import { emailAddress } from '../../config/email-address.ts';
import { messageIdOf } from '../../providers/smtp/headers.ts';
import { type SmtpAccount } from '../../providers/smtp/account.ts';
import { smtpEmail } from '../../providers/smtp/email.ts';
import { portOf, startMailServer, type Mail } from '../support/mail-server.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
});

async function startServer(behaviour: SMTPServerOptions = {}): Promise<{ url: string; mails: Mail[] }> {
  const { url, taken: mails, stop } = await startMailServer(behaviour);
  stops.push(stop);
  return { url, mails };
}

/**
 * A simple server: `replies` by the command's first word, and no reply to other commands; `drop` closes the
 * connection.
 */
async function startBareServer(
  replies: Record<string, string | undefined>,
): Promise<{ url: string; sessions: Set<Socket> }> {
  const say = (socket: Socket, command: string): void => {
    const reply = replies[command];
    if (reply === 'drop') socket.destroy();
    else if (reply !== undefined) socket.write(`${reply}\r\n`);
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let inText = false;
    sockets.add(socket.on('error', () => {}));
    say(socket, 'greeting');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        if (inText && line !== '.') continue;
        const command = inText ? 'text' : (line.split(/[ :]/)[0] ?? '');
        say(socket, command);
        inText = command === 'DATA' && /^[23]/.test(replies['DATA'] ?? '');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return { url: `smtp://127.0.0.1:${portOf(server)}`, sessions: sockets };
}

/** Any that is the same for the same message. */
const tokenOf = async (reference: string): Promise<string> =>
  createHash('sha256').update(reference).digest('hex').slice(0, 32);

const email = (url: string, changes: Partial<SmtpAccount> = {}) =>
  smtpEmail({
    url,
    from: '理赔 <claims@lipei.example>',
    tokenOf,
    limitsMs: { connect: 5_000, silence: 5_000, whole: 20_000, idle: 300 },
    ...changes,
  });

/** Shorter limits for tests in which the server does not reply, longer ones for tests on a busy machine. */
const impatient = { limitsMs: { connect: 1_000, silence: 1_000, whole: 5_000, idle: 300 } };

const message = (changes = {}) => ({
  to: { name: '李明', address: 'li.ming@example.cn' },
  subject: '案件 L7K3M 仍缺一份资料',
  text: '请补交维修发票。',
  html: '<p>请补交<b>维修发票</b>。</p>',
  reference: 'L7K3M:documents-reminder-1-email',
  mandatory: true,
  ...changes,
});

const rejectWith = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });

test('an email that the server takes is accepted under an id that is the same at every attempt', async () => {
  const { url, mails } = await startServer();
  const messageId = messageIdOf(await tokenOf(message().reference), 'lipei.example');
  expect(await email(url).send(message())).toEqual({ kind: 'accepted', providerId: messageId });
  expect(await email(url).send(message())).toEqual({ kind: 'accepted', providerId: messageId });
  expect(mails.map(({ recipients }) => recipients)).toEqual([['li.ming@example.cn'], ['li.ming@example.cn']]);
  expect(mails[0]?.text).toContain(`Message-ID: ${messageId}`);
});

test('mails that follow each other go over one connection, and those at once over one each', async () => {
  const connections = new Set<string>();
  const { url, mails } = await startServer({
    onConnect: (session, done) => done(void connections.add(session.id)),
  });
  const port = email(url);
  for (const reference of ['a', 'b', 'c']) await port.send(message({ reference }));
  expect(connections.size).toBe(1);
  await Promise.all(['d', 'e', 'f'].map((reference) => port.send(message({ reference }))));
  expect([connections.size, mails.length]).toEqual([3, 6]);
});

test('a kept connection that its server has ended is made again', async () => {
  const { url, sessions } = await startBareServer({ ...untilText, text: '250 taken' });
  const port = email(url);
  expect(await port.send(message())).toMatchObject({ kind: 'accepted' });
  for (const session of sessions) session.destroy();
  await new Promise((wake) => setTimeout(wake, 20));
  expect(await port.send(message())).toMatchObject({ kind: 'accepted' });
});

test('a kept connection is ended when nothing goes over it any more', async () => {
  const { url, sessions } = await startBareServer({ ...untilText, text: '250 taken', QUIT: '221 bye' });
  await email(url).send(message());
  const [session] = sessions;
  expect(session?.destroyed).toBe(false);
  await once(session!, 'close');
});

test.each([
  ['hangs up', 'drop'],
  ['takes no more over it', '421 4.7.0 enough for this connection'],
])('a server that %s at the next mail of a kept connection gets it over another', async (_, reply) => {
  let recipients = 0;
  const { url, sessions } = await startBareServer({
    ...untilText,
    text: '250 taken',
    get RCPT() {
      return (recipients += 1) === 2 ? reply : '250 ok';
    },
  });
  const port = email(url);
  expect(await port.send(message())).toMatchObject({ kind: 'accepted' });
  expect(await port.send(message())).toMatchObject({ kind: 'accepted' });
  expect([recipients, sessions.size]).toEqual([3, 2]);
});

test('a mail that the server rejects for now is tried over one other connection, not over many', async () => {
  let recipients = 0;
  const { url, sessions } = await startBareServer({
    ...untilText,
    text: '250 taken',
    get RCPT() {
      return (recipients += 1) === 1 ? '250 ok' : '451 later';
    },
  });
  const port = email(url);
  expect(await port.send(message())).toMatchObject({ kind: 'accepted' });
  expect(await port.send(message())).toEqual({ kind: 'busy', retryAfterSeconds: 300, code: '451' });
  expect([recipients, sessions.size]).toEqual([3, 2]);
});

test('a mail that may have gone out over a kept connection goes over no other', async () => {
  let texts = 0;
  const { url, sessions } = await startBareServer({
    ...untilText,
    get text() {
      return (texts += 1) === 1 ? '250 taken' : 'drop';
    },
  });
  const port = email(url);
  expect(await port.send(message())).toMatchObject({ kind: 'accepted' });
  expect(await port.send(message())).toEqual({ kind: 'unknown', code: 'ECONNECTION' });
  expect([texts, sessions.size]).toEqual([2, 1]);
});

test('an email has text and HTML, and a header that no person wrote it', async () => {
  const { url, mails } = await startServer();
  await email(url).send(message());
  const { text } = mails[0]!;
  expect(text).toMatch(/^Auto-Submitted: auto-generated$/im);
  expect(text).toMatch(/^X-Auto-Response-Suppress: All$/im);
  expect(text).toContain('multipart/alternative');
  expect(text).toContain('text/plain; charset=utf-8');
  expect(text).toContain('text/html; charset=utf-8');
  expect(text).toContain(Buffer.from(message().text).toString('base64'));
});

test('the mails of a claim are one thread, whatever their subjects', async () => {
  const { url, mails } = await startServer();
  for (const reference of ['L7K3M/paid-1-email', 'L7K3M/claim-closed-1-email', 'L9Q2X/paid-1-email'])
    await email(url).send(message({ reference, subject: reference }));
  const threads = mails.map(({ text }) => /^References: (<[0-9a-f]{32}@lipei\.example>)/m.exec(text)?.[1]);
  expect(threads[0]).toBeDefined();
  expect([threads[1] === threads[0], threads[2] === threads[0]]).toEqual([true, false]);
});

test('from a mandatory email nobody can unsubscribe, from others with one click', async () => {
  const { url, mails } = await startServer();
  const port = email(url, { unsubscribe: 'https://lipei.example/unsubscribe' });
  await port.send(message({ mandatory: true }));
  await port.send(message({ mandatory: false }));
  expect(mails[0]?.text).not.toMatch(/List-Unsubscribe/i);
  expect(mails[1]?.text).toMatch(
    /^List-Unsubscribe:\s+<https:\/\/lipei\.example\/unsubscribe\?s=[0-9a-f]{32}>$/m,
  );
  expect(mails[1]?.text).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
});

test('a signed email covers the unsubscribe headers', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const { url, mails } = await startServer();
  await email(url, {
    unsubscribe: 'https://lipei.example/u',
    dkim: { domainName: 'lipei.example', keySelector: 'k1', privateKey },
  }).send(message({ mandatory: false }));
  const signed = dkimOf(mails[0]!.text);
  expect(signed.headers).toEqual(
    expect.arrayContaining([
      'from',
      'to',
      'subject',
      'message-id',
      'list-unsubscribe',
      'list-unsubscribe-post',
    ]),
  );
  expect(
    verify(
      'rsa-sha256',
      Buffer.from(signed.data),
      createPublicKey(privateKey),
      Buffer.from(signed.signature, 'base64'),
    ),
  ).toBe(true);
});

/** The signed headers and what was signed, as RFC 6376 says (relaxed). */
function dkimOf(mail: string): { headers: string[]; signature: string; data: string } {
  const lines = (mail.split('\r\n\r\n')[0] ?? '').split(/\r\n(?![ \t])/);
  const own = relaxed(lines.find((line) => /^dkim-signature:/i.test(line)) ?? '');
  const headers = (/ h=([^;]+);/.exec(own)?.[1] ?? '').replace(/\s/g, '').toLowerCase().split(':');
  const signature = (/ b=([^;]+)$/.exec(own)?.[1] ?? '').replace(/\s/g, '');
  const data = [
    ...headers.map((name) => relaxed(lines.find((line) => line.toLowerCase().startsWith(`${name}:`)) ?? '')),
    own.replace(/ b=[^;]+$/, ' b='),
  ].join('\r\n');
  return { headers, signature, data };
}

function relaxed(line: string): string {
  const [name, ...rest] = line.split(':');
  return `${name?.toLowerCase().trim()}:${rest.join(':').replace(/\s+/g, ' ').trim()}`;
}

test.each([
  ['a server that greylists', { onRcptTo: () => rejectWith(451, 'come later') }, '451'],
  ['a full mailbox', { onRcptTo: () => rejectWith(452, 'mailbox full') }, '452'],
  ['a session that has lost its way', { onRcptTo: () => rejectWith(503, 'bad sequence of commands') }, '503'],
  ['a sender that is throttled', { onMailFrom: () => rejectWith(421, 'too many') }, '421'],
])('%s is asked again, in five minutes at the earliest', async (_, hooks, code) => {
  const { url, mails } = await startServer(answering(hooks));
  expect(await email(url).send(message())).toEqual({ kind: 'busy', retryAfterSeconds: 300, code });
  expect(mails).toEqual([]);
});

test.each([
  [
    'a mailbox that does not exist',
    { onRcptTo: () => rejectWith(550, '5.1.1 no such user') },
    'recipient',
    '550',
  ],
  [
    'a server that does not relay for us',
    { onRcptTo: () => rejectWith(554, '5.7.1 relay access denied') },
    'configuration',
    '554',
  ],
  [
    'a sender that is not welcome',
    { onMailFrom: () => rejectWith(550, '5.7.1 sender rejected') },
    'configuration',
    '550',
  ],
  ['a text that is not welcome', { onData: () => rejectWith(554, '5.6.0 spam') }, 'content', '554'],
])('%s is rejected permanently', async (_, hooks, why, code) => {
  const { url } = await startServer(answering(hooks));
  expect(await email(url).send(message())).toEqual({ kind: 'rejected', why, code });
});

test('a text rejected for the moment was not taken', async () => {
  const { url } = await startServer(answering({ onData: () => rejectWith(451, 'try again') }));
  expect(await email(url).send(message())).toEqual({ kind: 'busy', retryAfterSeconds: 300, code: '451' });
});

/** smtp-server's hooks that answer with an error. */
function answering(
  hooks: Partial<Record<'onMailFrom' | 'onRcptTo' | 'onData', () => Error>>,
): SMTPServerOptions {
  const { onMailFrom, onRcptTo, onData } = hooks;
  const options: SMTPServerOptions = {};
  if (onMailFrom) options.onMailFrom = (_address, _session, done) => done(onMailFrom());
  if (onRcptTo) options.onRcptTo = (_address, _session, done) => done(onRcptTo());
  if (onData)
    options.onData = (stream, _session, done) => void stream.resume().on('end', () => done(onData()));
  return options;
}

test.each([
  ['a server that is none', { url: 'http://127.0.0.1' }],
  ['a sender without a domain', { from: 'Lipei' }],
  ['a way to unsubscribe that leads nowhere', { unsubscribe: 'lipei.example' }],
])('%s is found at the start', (_, changes) => expect(() => email('smtp://127.0.0.1', changes)).toThrow());

test('wrong credentials are our configuration', async () => {
  const { url } = await startServer({
    authOptional: false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(rejectWith(535, 'no')),
  });
  expect(await email(url.replace('//', '//lipei:wrong@')).send(message())).toEqual({
    kind: 'rejected',
    why: 'configuration',
    code: '535',
  });
});

const untilText = { greeting: '220 hi', EHLO: '250 hi', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go' };
const pipelined = { ...untilText, EHLO: '250-hi\r\n250 PIPELINING' };

test.each([
  ['the server hangs up after the text', { ...untilText, text: 'drop' }, 'ECONNECTION'],
  ['the server stops replying after the text', untilText, 'ETIMEDOUT'],
  ['the server stops replying after the text, after commands in one packet', pipelined, 'ETIMEDOUT'],
  [
    'a server that asks for the text in its own way hangs up after it',
    { ...untilText, DATA: '250 go', text: 'drop' },
    'ECONNECTION',
  ],
])('%s: the email may have been sent', async (_, replies, code) => {
  const { url } = await startBareServer(replies);
  expect(await email(url, impatient).send(message())).toEqual({ kind: 'unknown', code });
});

test.each([
  ['nobody greets', {}, 'ETIMEDOUT'],
  [
    'the server stops replying at the recipient',
    { ...untilText, RCPT: undefined, DATA: undefined },
    'ETIMEDOUT',
  ],
  [
    'the server stops replying at the recipient, after commands in one packet',
    { ...pipelined, RCPT: undefined, DATA: undefined },
    'ETIMEDOUT',
  ],
  ['the server stops replying before it asks for the text', { ...untilText, DATA: undefined }, 'ETIMEDOUT'],
  ['the server hangs up before it asks for the text', { ...untilText, DATA: 'drop' }, 'ECONNECTION'],
])('%s: the email was certainly not sent', async (_, replies, code) => {
  const { url } = await startBareServer(replies);
  expect(await email(url, impatient).send(message())).toEqual({ kind: 'busy', code });
});

test('an endless conversation is ended, and before the text nothing was sent', async () => {
  const { url } = await startBareServer({ ...untilText, RCPT: '250-wait', DATA: '250-wait' });
  expect(
    await email(url, { limitsMs: { connect: 5000, silence: 5000, whole: 300, idle: 300 } }).send(message()),
  ).toEqual({ kind: 'busy', code: 'EABORT' });
});

test('where nobody listens, or no such host is, nothing was sent', async () => {
  const { url } = await startServer();
  await Promise.all(stops.splice(0).map((stop) => stop()));
  expect(await email(url).send(message())).toEqual({ kind: 'busy', code: 'ESOCKET' });
  expect(await email('smtp://nobody.invalid').send(message())).toEqual({ kind: 'busy', code: 'EDNS' });
});

test('away from this machine an email goes over TLS or not at all', async () => {
  const { url, mails } = await startServer();
  // The same server, but no loopback address.
  const elsewhere = url.replace('127.0.0.1', '0.0.0.0');
  expect(await email(elsewhere).send(message())).toEqual({
    kind: 'rejected',
    why: 'configuration',
    code: '500',
  });
  expect(mails).toEqual([]);
});

test.each([
  'ok@example.cn\r\nBcc: evil@example.com',
  'a@example.cn,b@example.cn',
  'a@example.cn b@example.cn',
  'Li <li@example.cn>',
  '"a b"@example.cn',
  'nobody',
  '@example.cn',
  'a@',
  'a@-example.cn',
  `${'a'.repeat(65)}@example.cn`,
  '',
])('%j is not one address, and nothing is sent to it', async (address) => {
  const { url, mails } = await startServer();
  expect(emailAddress(address)).toBeUndefined();
  expect(await email(url).send(message({ to: { name: 'Li', address } }))).toEqual({
    kind: 'rejected',
    why: 'recipient',
    code: 'address',
  });
  expect(mails).toEqual([]);
});

test('a name or a subject with line breaks adds neither headers nor recipients', async () => {
  const { url, mails } = await startServer();
  await email(url).send(
    message({
      to: { name: 'Li\r\nBcc: evil@example.com', address: 'li@example.cn' },
      subject: 'Hello\r\nX-Evil: 1\r\n\r\ntext',
    }),
  );
  expect(mails[0]?.recipients).toEqual(['li@example.cn']);
  expect(mails[0]?.text).not.toMatch(/^(Bcc|X-Evil):/im);
});

test('an answer to a failure does not name the recipient', async () => {
  const { url } = await startServer(
    answering({ onRcptTo: () => rejectWith(550, 'no li.ming@example.cn here') }),
  );
  expect(inspect(await email(url).send(message()), { depth: 9 })).not.toContain('li.ming');
});
