const anyOf = (...patterns: RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => source).join('|'), 'm');

/**
 * How mail servers say in plain words that a mail has come back: qmail, Exim, Postfix, Exchange, Google, and
 * the Chinese providers (QQ, 163, Sina, Aliyun). Read in lower case. In order: the first that fits decides
 * why. With `none` another message may arrive.
 */
export const failureSigns: readonly { pattern: RegExp; why: 'contact' | 'content' | 'none' }[] = [
  {
    why: 'none',
    pattern: anyOf(
      /mailbox (?:is )?full/,
      /over ?quota|quota (?:is )?exceeded/,
      /insufficient (?:system )?storage/,
      /空间(?:不足|已满)|邮箱(?:已|空间已)?满|超[过出](?:容量|配额|限额)/,
    ),
  },
  {
    why: 'contact',
    pattern: anyOf(
      /user unknown|unknown user|unknown or illegal alias/,
      /no such (?:user|recipient|mailbox|person|address)|no mailbox here by that name/,
      /(?:does|did)(?: not|n['’]t) exist/,
      /unrouteable address|invalid (?:recipient|mailbox|address)/,
      /(?:mailbox|user|account|address|recipient|domain)(?: name)? (?:is |was )?not (?:found|valid)/,
      /(?:mailbox|user|account|address|recipient)(?: name)? (?:is |was )?(?:unknown|invalid|unavailable)/,
      /(?:mailbox|user|account|address|recipient) (?:is |was |has been )?(?:disabled|inactive|deactivated)/,
      /address(?: you entered)? (?:couldn['’]t|could not) be found/,
      /host (?:or domain name )?not found|couldn['’]t find any host/,
      /(?:收件人|收信人|邮箱|邮件地址|帐号|账号|用户|域名)[^。；，\n]{0,60}(?:不存在|无效|有误)/,
      /(?:邮箱|邮件地址|帐号|账号|用户|域名)[^。；，\n]{0,60}已?(?:被)?(?:停用|禁用|注销|冻结)/,
      /找不到(?:收件人|收信人|该用户|用户|该邮箱)|不存在的(?:邮箱|用户|收件人)/,
    ),
  },
  {
    why: 'content',
    pattern: anyOf(
      /\bspam\b|(?:black|block) ?list|\bblocked\b/,
      /by policy|policy (?:reasons|violation)|content (?:is )?rejected/,
      /垃圾邮件|反垃圾|内容(?:违规|被拒)|被[^。\n]{0,8}(?:拦截|拒收|拒绝)/,
    ),
  },
  {
    why: 'none',
    pattern: anyOf(
      /undeliver(?:able|ed)|unable to deliver|failure notice|giv(?:en|ing) up/,
      /delivery (?:has |to the following [^.]{0,40})?fail(?:ed|ure)|mail delivery fail/,
      /returned (?:mail|to sender)|delivery status notification \(failure\)/,
      /(?:could|can|was|were)(?: ?n['’]?t| not)(?: be)? deliver(?:ed)?|able to deliver your message/,
      /退信|被退回|(?:发送|投递|递送)失败|(?:无法|未能|不能)(?:被)?(?:发送|投递|递送|送达|发出)/,
    ),
  },
];

/** The server still tries: nothing is decided. */
export const delaySigns = anyOf(
  /warning message only|delivery status notification \(delay\)|\bdelayed\b/,
  /will (?:keep|continue) (?:on )?(?:trying|to try)|will (?:be retried|try again)/,
  /do(?: not|n['’]t) need to (?:resend|retry)/,
  /延迟|(?:将|会)(?:继续|再次|重新)(?:尝试|投递|发送)/,
);

/** After that a delay has become a failure. */
export const endSigns = anyOf(
  /giv(?:en|ing) up|not going to try again|permanent(?:ly)? (?:error|fail)|has been returned/,
  /不再(?:尝试|投递)|已(?:放弃|停止)(?:尝试|投递)/,
);

/** Out of office, and what programs answer by themselves. */
export const automaticSubjects = anyOf(
  /^(?:re: ?|回复[:：] ?)*auto(?:matic|mated)?[ -]?(?:reply|response|answer)/,
  /^(?:re: ?)*(?:i am |i['’]m )?(?:out of (?:the )?office|on (?:holiday|vacation|leave))/,
  /^(?:re: ?)*(?:vacation|away from|read:)/,
  /^(?:re: ?|回复[:：] ?)*(?:自动(?:回复|答复)|(?:我)?(?:外出|休假|出差)|已读[:：])/,
);

/** Below such a line a server gives the mail back as it was. */
export const copyBegins = anyOf(
  /^.*(?:below this line is a copy|this is a copy of|original message|message headers).*$/,
  /^.*(?:return-path: <bounces|原始?邮件|原信内容).*$/,
);
