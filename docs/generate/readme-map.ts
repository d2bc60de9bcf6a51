import { rooms, shelves } from './rooms.ts';

/** The map of the rooms for README.md. */
export const readmeMap = (): string =>
  [
    '| folder | what it holds |',
    '|---|---|',
    ...[...rooms, ...shelves].map(({ room, holds }) => `| \`${room}/\` | ${holds} |`),
  ].join('\n');
