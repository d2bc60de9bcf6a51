import { readReturnedMail } from '../../providers/smtp/returned-mail.ts';

const to = 'wang@example.com';

/** A mail with these headers and this text. */
const mail = (headers: Record<string, string>, text: string): Buffer =>
  Buffer.from(
    [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', text]
      .join('\n')
      .replace(/\n/g, '\r\n'),
  );

const utf8 = { 'Content-Type': 'text/plain; charset=utf-8' };
const html = { 'Content-Type': 'text/html; charset=utf-8' };

test.each<[string, Buffer, string, string | undefined]>([
  [
    'qmail',
    mail(
      { From: 'MAILER-DAEMON@mx.example.com', Subject: 'failure notice' },
      `Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<${to}>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 <${to}>: User unknown
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <bounces+x@lipei.example>
To: somebody-else@example.com
Subject: Paid`,
    ),
    '5.1.1',
    'contact',
  ],
  [
    'qmail without a code',
    mail(
      { Subject: 'failure notice' },
      `<${to}>:\nSorry, no mailbox here by that name. (#not.numbered)\n\n--- Below this line is a copy of the message.`,
    ),
    'failed',
    'contact',
  ],
  [
    'Exim',
    mail(
      {
        'X-Failed-Recipients': to,
        'Auto-Submitted': 'auto-replied',
        From: 'Mail Delivery System <Mailer-Daemon@mx.example.com>',
        Subject: 'Mail delivery failed: returning message to sender',
      },
      `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ${to}
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

To: ${to}`,
    ),
    'failed',
    'contact',
  ],
  [
    'Exim after days',
    mail(
      { Subject: 'Mail delivery failed: returning message to sender', 'X-Failed-Recipients': to },
      `  ${to}\n    retry timeout exceeded, the message has been delayed for 4 days; giving up`,
    ),
    'failed',
    undefined,
  ],
  [
    'Exchange in HTML',
    mail(
      { ...html, Subject: 'Undeliverable: Paid' },
      `<html><head><style>p { color: #0072c6 }</style><title>no</title></head><body>
<p><b>Delivery has failed to these recipients or groups:</b></p>
<p><a href="mailto:${to}">${to}</a><br>The email address you entered couldn&#39;t be found.
Remote Server returned &#39;550 5.1.10 RESOLVER.ADR.RecipientNotFound&#39;</p></body></html>`,
    ),
    '5.1.10',
    'contact',
  ],
  [
    'Google',
    mail(
      { ...html, Subject: 'Delivery Status Notification (Failure)' },
      `<h2>Address not found</h2><p>Your message wasn't delivered to <a><b>${to}</b></a> because the address
couldn't be found, or is unable to receive mail.</p>`,
    ),
    'failed',
    'contact',
  ],
  [
    'QQ',
    mail(
      { ...html, From: 'PostMaster@qq.com', Subject: '=?utf-8?B?57O757uf6YCA5L+h?=' },
      `<div>很抱歉，您发送的邮件被退回，以下是详细信息：</div><div>无法发送到${to}，</div>
<div>退信原因：收件人邮件地址（${to}）不存在，邮件无法送达。</div><div>原邮件信息</div>`,
    ),
    'failed',
    'contact',
  ],
  [
    '163',
    mail(
      { ...utf8, From: 'Postmaster@163.com', Subject: '=?utf-8?B?57O757uf6YCA5L+hL1N5c3RlbXMgYm91bmNl?=' },
      `抱歉，您的邮件被退回来了……\n收件人：${to}\n退信原因：用户不存在\nSMTP error, RCPT TO: 550 User not found: ${to}`,
    ),
    'failed',
    'contact',
  ],
  [
    'a Chinese provider whose recipient has no room',
    mail(
      { ...utf8, Subject: '=?utf-8?B?6YCA5L+h?=' },
      `您的邮件未能投递到 ${to}。原因：对方邮箱空间不足，用户不存在足够空间。`,
    ),
    'failed',
    undefined,
  ],
  [
    'a Chinese provider that took it for spam',
    mail({ ...utf8, Subject: '=?utf-8?B?6YCA5L+h?=' }, `发送到 ${to} 的邮件投递失败：被对方反垃圾系统拦截。`),
    'failed',
    'content',
  ],
  [
    'what is temporary',
    mail({ Subject: 'Undelivered Mail' }, `<${to}>: 450 4.1.1 user unknown in local table; giving up`),
    '4.1.1',
    undefined,
  ],
  [
    'policy',
    mail({ Subject: 'Returned mail' }, `<${to}>: 554 5.7.1 rejected by policy at mx 10.5.1.1`),
    '5.7.1',
    'content',
  ],
])('%s is understood', async (_, raw, code, why) => {
  const read = await readReturnedMail(raw);
  if (read.kind !== 'about') throw new Error(read.kind);
  expect(read.statuses).toHaveLength(1);
  expect(read.statuses[0]?.recipients).toContain(to);
  expect(read.statuses[0]?.recipients).not.toContain('somebody-else@example.com');
  expect({ ...read.statuses[0], recipients: [] }).toEqual({
    outcome: 'bounced',
    recipients: [],
    code,
    ...(why === undefined ? {} : { why }),
  });
});

test('a text in GB18030 is read as it is declared', async () => {
  const headers = Buffer.from('Subject: bounce\r\nContent-Type: text/plain; charset=gb18030\r\n\r\n');
  // 用户不存在
  const words = Buffer.from([0xd3, 0xc3, 0xbb, 0xa7, 0xb2, 0xbb, 0xb4, 0xe6, 0xd4, 0xda]);
  const read = await readReturnedMail(Buffer.concat([headers, words, Buffer.from(`: ${to}\r\n`)]));
  expect(read).toMatchObject({ kind: 'about', statuses: [{ why: 'contact' }] });
});

test('a report on several recipients has a status for each whose delivery has ended', async () => {
  const raw = mail(
    { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b', Subject: 'Report' },
    `--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; first@example.com
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; second@example.com
Action: delayed
Status: 4.4.1

Original-Recipient: utf-8; 王@example.com
Final-Recipient: rfc822; third@example.com
Action: failed
Status: 5.1.1

--b--
`,
  );
  expect(await readReturnedMail(raw)).toMatchObject({
    statuses: [
      { outcome: 'delivered', recipients: ['first@example.com'] },
      { outcome: 'bounced', recipients: ['王@example.com', 'third@example.com'], why: 'contact' },
    ],
  });
});

test.each([
  [
    'an out-of-office reply',
    mail({ Subject: 'Automatic reply: Paid', 'Auto-Submitted': 'auto-replied' }, 'I am away.'),
  ],
  [
    'one that says who has left',
    mail({ Subject: 'Out of Office' }, `${to} does not exist any more, write to the reception.`),
  ],
  [
    'a Chinese one',
    mail(
      { ...utf8, Subject: '=?utf-8?B?6Ieq5Yqo5Zue5aSNOiDmgqjlpb0=?=' },
      '您好，我正在休假，暂时无法回复。',
    ),
  ],
  ['one that only its header names', mail({ Subject: 'Paid', 'X-Autoreply': 'yes' }, 'Back on Monday.')],
  [
    'a delay',
    mail(
      { Subject: 'Warning: message 1abc delayed 24 hours' },
      `The message to ${to} could not be delivered yet. Delivery attempts will continue to be made.`,
    ),
  ],
  [
    'a warning',
    mail(
      { Subject: 'Warning: could not send message' },
      'THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.',
    ),
  ],
  [
    'a receipt',
    mail(
      { 'Content-Type': 'multipart/report; boundary=b', Subject: 'Paid' },
      `--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ${to}\nDisposition: x; displayed\n\n--b--\n`,
    ),
  ],
])('%s is no bounce', async (_, raw) => {
  expect(await readReturnedMail(raw)).toEqual({ kind: 'automatic' });
});

test.each([
  [
    'a person',
    mail({ Subject: 'Re: Paid' }, 'Thank you! When do I get it?'),
    'Re: Paid\nThank you! When do I get it?',
  ],
  ['nothing', Buffer.from(''), ''],
])('what %s writes is for people', async (_, raw, words) => {
  expect(await readReturnedMail(raw)).toEqual({ kind: 'unclear', words });
});

test('a mail that is made to be slow is read at once', async () => {
  const began = Date.now();
  await readReturnedMail(mail({ Subject: 'x'.repeat(900) }, `${'a'.repeat(200_000)}@`));
  await readReturnedMail(mail(html, '<b>'.repeat(60_000)));
  expect(Date.now() - began).toBeLessThan(3_000);
});
