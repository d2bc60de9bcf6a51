import type { KeptAttachment } from '../../own-api/schemas/personal.ts';
import { table } from '../table.ts';
import type { Named } from '../staff-names.ts';
import { localTime, zoneLine } from '../input/times.ts';

/** Enough of a hash to identify an attachment of one claim. */
const shownDigits = 12;

export function attachmentsPage(attachments: KeptAttachment[], named: Named): string {
  if (attachments.length === 0) return 'The claim has received no documents yet.';
  const list = table(
    ['document', 'item', 'of', 'type', 'kB', 'by', 'at', 'sha256'],
    attachments.map(({ document, item, party, type, size, by, at, sha256, erased }) => [
      document,
      item ?? '',
      erased ? `${party} (erased)` : party,
      type,
      String(Math.ceil(size / 1_000)),
      named(by),
      localTime(at),
      sha256.slice(0, shownDigits),
    ]),
  );
  return [list, '', zoneLine()].join('\n');
}
