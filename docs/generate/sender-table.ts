import { actNames, acts, isActName, type ActName } from '../../domain/claim/acts.ts';
import { reportNames, reports, type ReportName } from '../../domain/claim/reports.ts';
import { messageKind, sendersInWords } from '../../domain/claim/senders.ts';

/** Who may send each message to a claim, for docs/security.md. */
export const senderTable = (): string =>
  [
    '| message | kind | what it does | who may send it |',
    '| --- | --- | --- | --- |',
    ...[...actNames, ...reportNames].map(
      (name) => `| \`${name}\` | ${messageKind(name)} | ${does(name)} | ${sendersInWords(name)} |`,
    ),
  ].join('\n');

function does(name: ActName | ReportName): string {
  const words = isActName(name) ? acts[name].does : reports[name].description;
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}
