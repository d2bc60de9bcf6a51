import { actInWords, rolesInWords } from '../people/permissions.ts';
import { isActName, isOpenAct, type ActName } from './acts.ts';
import { reports, type Reporter, type ReportName } from './reports.ts';

const reportersInWords: Record<Reporter, string> = {
  bank: 'the bank',
  sms: 'the SMS provider',
  mail: 'a mail server that returns a mail',
  system: 'Lipei itself',
};

/** An act decides something, a report brings a fact, and a request anybody may send. */
export function messageKind(name: ActName | ReportName): 'act' | 'report' | 'request' {
  if (!isActName(name)) return 'report';
  return isOpenAct(name) ? 'request' : 'act';
}

/** Who may send a message, as the pages and the Temporal UI have it. `mayNotSend` enforces it. */
export function sendersInWords(name: ActName | ReportName): string {
  if (!isActName(name)) return reports[name].from.map((reporter) => reportersInWords[reporter]).join(', ');
  return isOpenAct(name) ? `anybody; signed: ${rolesInWords(name)}` : rolesInWords(name);
}

/** What the Temporal UI shows of a message: what it does, and who may send it. */
export function describedMessage(name: ActName | ReportName): string {
  if (!isActName(name))
    return `${reports[name].description}. Only ${sendersInWords(name)} may report it, through the API.`;
  return isOpenAct(name)
    ? `${actInWords(name)}. Anybody may also send it from here.`
    : `${actInWords(name)}. Only through the API, which signs it: from here it decides nothing.`;
}
