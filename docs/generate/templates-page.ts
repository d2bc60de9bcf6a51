import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesFolder } from '../../wording/renderer/renderer.ts';
import { readTemplate } from '../../wording/renderer/template-file.ts';
import {
  notificationChannels,
  notificationKinds,
  purposeOf,
  purposes,
  type NotificationChannel,
  type NotificationKind,
} from '../../domain/messages/notifications.ts';

const begin = '<!-- made from the templates and domain/messages/notifications.ts by `npm run docs` -->';
const end = '<!-- end -->';

/**
 * `templates/README.md` with its table of messages made anew, from what the English templates say of
 * themselves.
 */
export function templatesPage(page: string): string {
  const [before = '', rest = ''] = page.split(begin);
  return `${before}${begin}\n${['| message | for whom, when and why | by | told as |', '|---|---|---|---|', ...notificationKinds.map(row)].join('\n')}\n${end}${rest.split(end)[1] ?? ''}`;
}

function row(kind: NotificationKind): string {
  const channels = notificationChannels.filter((channel) => existsSync(join(folder, fileOf(kind, channel))));
  const fronts = channels.map((channel) => ({
    channel,
    ...readTemplate(folder, 'en', fileOf(kind, channel)).front,
  }));
  const by = fronts
    .map(({ channel, segments }) => (segments ? `${channel} (${segments})` : channel))
    .join(', ');
  return `| \`${kind}\` | ${fronts[0]?.purpose ?? ''} | ${by} | ${purposeOf[kind]}, ${purposes[purposeOf[kind]]} |`;
}

const folder = join(templatesFolder, 'en');
const fileOf = (kind: NotificationKind, channel: NotificationChannel): string => `${kind}.${channel}.liquid`;

if (process.argv[1] === import.meta.filename) {
  const file = join(templatesFolder, 'README.md');
  writeFileSync(file, templatesPage(readFileSync(file, 'utf8')));
}
