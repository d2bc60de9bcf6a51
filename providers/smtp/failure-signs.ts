/**
 * How mail servers say in plain words that a mail has come back: qmail, Exim, Postfix, Exchange, Google, and
 * the Chinese providers (QQ, 163, Sina, Aliyun). In order: the first that fits decides why. With `none`
 * another message may arrive.
 */
export const failureSigns: readonly { pattern: RegExp; why: 'contact' | 'content' | 'none' }[] = [
  {
    pattern:
      /mailbox (?:is )?full|over ?quota|quota (?:is )?exceeded|insufficient (?:system )?storage|空间(?:不足|已满)|邮箱(?:已|空间已)?满|超[过出](?:容量|配额|限额)/,
    why: 'none',
  },
  {
    pattern:
      /user unknown|unknown user|no such (?:user|recipient|mailbox|person|address)|(?:does|did)(?: not|n['’]t) exist|no mailbox here by that name|unrouteable address|unknown or illegal alias/,
    why: 'contact',
  },
  {
    pattern:
      /(?:mailbox|user|account|address|recipient|domain)(?: name)? (?:is |was |has been |couldn['’]t be |could not be )?(?:not found|found|unavailable|unknown|disabled|inactive|deactivated|invalid|not valid)|invalid (?:recipient|mailbox|address)|host (?:or domain name )?not found|couldn['’]t find any host/,
    why: 'contact',
  },
  {
    pattern:
      /(?:收件人|收信人|邮箱|邮件地址|电子邮箱|帐号|账号|用户|域名)[^。；，\n]{0,60}(?:不存在|无效|有误|已?(?:被)?(?:停用|禁用|注销|冻结))|找不到(?:收件人|收信人|该用户|用户|该邮箱)|不存在的(?:邮箱|用户|收件人)/,
    why: 'contact',
  },
  {
    pattern:
      /\bspam\b|black ?list|block ?list|blocked|by policy|policy (?:reasons|violation)|content (?:is )?rejected|垃圾邮件|反垃圾|内容(?:违规|被拒)|被[^。\n]{0,8}(?:拦截|拒收|拒绝)/,
    why: 'content',
  },
  {
    pattern:
      /undeliver(?:able|ed)|delivery (?:has |to the following [^.]{0,40})?fail(?:ed|ure)|failure notice|returned (?:mail|to sender)|mail delivery fail|(?:could|can|was|were)(?: ?n['’]?t| not)(?: be)? deliver(?:ed)?|unable to deliver|(?:un)?able to deliver your message|giv(?:en|ing) up|delivery status notification \(failure\)/,
    why: 'none',
  },
  {
    pattern: /退信|(?:发送|投递|递送)失败|(?:无法|未能|不能)(?:被)?(?:发送|投递|递送|送达|发出)|被退回/,
    why: 'none',
  },
];

/** The server still tries: nothing is decided. */
export const delaySigns =
  /warning message only|will (?:keep|continue) (?:on )?(?:trying|to try)|will (?:be retried|try again)|do(?: not|n['’]t) need to (?:resend|retry)|delivery status notification \(delay\)|\bdelayed\b|延迟|(?:将|会)(?:继续|再次|重新)(?:尝试|投递|发送)/;

/** After that a delay has become a failure. */
export const endSigns =
  /giv(?:en|ing) up|given up|not going to try again|permanent(?:ly)? (?:error|fail)|has been returned|不再(?:尝试|投递)|已(?:放弃|停止)(?:尝试|投递)/;

/** Out of office, and what programs answer by themselves. */
export const automaticSubjects =
  /^(?:re: ?|回复[:：] ?)*(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer)|(?:i am |i['’]m )?out of (?:the )?office|on (?:holiday|vacation|leave)|vacation|away from|自动(?:回复|答复)|(?:我)?(?:外出|休假|出差)|read:|已读[:：])/;

/** Below such a line a server gives the mail back as it was. */
export const copyBegins =
  /^.*(?:below this line is a copy|this is a copy of|original message|message headers|return-path: <bounces|原始?邮件|原信内容).*$/m;
