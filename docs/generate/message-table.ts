import { existsSync } from 'node:fs';
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

/** The table of messages in templates/README.md, from what the English templates say of themselves. */
export const messageTable = (): string =>
  [
    '| message | recipient, time and reason | by | purpose |',
    '|---|---|---|---|',
    ...notificationKinds.map(row),
  ].join('\n');

function row(kind: NotificationKind): string {
  const channels = notificationChannels.filter((channel) => existsSync(join(folder, fileOf(kind, channel))));
  const fronts = channels.map((channel) => ({
    channel,
    ...readTemplate(folder, 'en', fileOf(kind, channel)).front,
  }));
  const by = fronts
    .map(({ channel, segments }) => (segments ? `${channel} (${segments})` : channel))
    .join(', ');
  const purpose = purposeOf[kind];
  return `| \`${kind}\` | ${fronts[0]?.purpose ?? ''} | ${by} | ${purpose}, ${purposes[purpose]} |`;
}

const folder = join(templatesFolder, 'en');
const fileOf = (kind: NotificationKind, channel: NotificationChannel): string => `${kind}.${channel}.liquid`;
