/**
 * The rooms of the house: what each folder holds, and which others it may see. The architecture test enforces
 * the table, and the map in README.md is made from it.
 */
export interface Room {
  /** Folder from the root; the innermost room counts. */
  room: string;
  holds: string;
  /** Rooms and single files that it may import; `types:` in front of a room: its types only. */
  sees: readonly string[];
  /** Packages that it may import; all where absent. */
  packages?: readonly string[];
}

/** What everything that runs with the records at hand may see. */
const inner = ['domain', 'config', 'security', 'wording', 'providers', 'records'];

export const rooms: readonly Room[] = [
  {
    room: 'domain',
    holds: 'the rules of claims, pure, by noun: claim, road, waiting, documents, money, messages, people',
    sees: [],
    packages: ['@noble/hashes', 'canonicalize'],
  },
  {
    room: 'workflows',
    holds:
      'the process on Temporal: in `claim/` the workflow of a claim, whose `claim.ts` reads top to bottom; ' +
      '`contract.ts` lists its messages; `notify-staff.ts` mails staff about their work; ' +
      '`watch-claims.ts` takes up what nothing runs',
    sees: ['domain', 'types:activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  {
    room: 'activities',
    holds: 'Temporal activities: each does what belongs to one moment, and is safe to run twice',
    sees: [...inner, 'types:prisma'],
  },
  {
    room: 'workers',
    holds: 'the worker as a program',
    sees: [...inner, 'activities', 'client/engine'],
  },
  {
    room: 'client/engine',
    holds: 'all use of the Temporal client',
    sees: ['domain', 'config', 'security', 'types:providers', 'workflows/contract.ts'],
  },
  {
    room: 'client/own-api',
    holds: 'what our API answers, and the typed client of it that all our programs share',
    sees: ['domain', 'config', 'types:workflows/contract.ts'],
  },
  {
    room: 'client/api',
    holds: 'the door for programs: the HTTP API and the webhooks of providers',
    sees: [...inner, 'types:prisma', 'workflows/contract.ts', 'client/engine', 'client/own-api'],
  },
  {
    room: 'client/check',
    holds: 'the check of the records, at an auditor’s: journals against proofs, signed heads and Temporal',
    sees: ['domain', 'config', 'security', 'client/own-api'],
  },
  {
    room: 'client/cli',
    holds: 'the door for people at a terminal: `bin/lipei`',
    sees: [
      'domain',
      'config',
      'security',
      'wording',
      'client/engine',
      'client/own-api',
      'client/check',
      'local',
    ],
  },
  {
    room: 'client/codec',
    holds: 'the door for the Temporal Web UI: decrypts what managers may see',
    sees: ['domain', 'config', 'security', 'records'],
  },
  {
    room: 'records',
    holds: 'all that PostgreSQL knows: queries by noun',
    sees: ['domain', 'config', 'security', 'prisma', 'types:providers', 'types:client/own-api'],
  },
  {
    room: 'providers',
    holds: 'Twilio, SMTP, bank and attachments behind ports',
    sees: ['domain', 'config', 'security'],
  },
  {
    room: 'wording',
    holds: 'rendering of messages, the check and the preview of templates, letters as PDF',
    sees: ['domain', 'config'],
  },
  {
    room: 'config',
    holds: 'settings, the loading of rules, the shape of a notice of loss',
    sees: ['domain'],
  },
  {
    room: 'security',
    holds: 'keys, encryption of payloads and of personal data, signatures of messages to claims, tokens',
    sees: ['domain'],
  },
  { room: 'prisma', holds: 'schema and migration of the records', sees: [] },
  {
    room: 'local',
    holds: 'the stack on one machine, with stand-ins of Twilio and of a bank',
    sees: [...inner, 'prisma', 'client/codec', 'client/own-api', 'client/check'],
  },
  {
    room: 'demo',
    holds: 'four stories, played and narrated',
    sees: ['domain', 'config', 'client/own-api', 'client/cli', 'local'],
  },
  {
    room: 'bench',
    holds: 'what a claim costs beside bare Temporal; lists over a million claims',
    sees: [
      ...inner,
      'prisma',
      'activities',
      'workflows',
      'workers',
      'client/engine',
      'client/own-api',
      'client/check',
      'local',
    ],
  },
  {
    room: 'docs',
    holds: 'process, glossary, how-to, runbook, decisions (`adr/`); `generate/` makes what is generated',
    sees: ['domain', 'config', 'wording', 'client/cli', 'workflows/contract.ts'],
  },
];

/** Folders without code of their own, for the map. */
export const shelves: readonly Pick<Room, 'room' | 'holds'>[] = [
  { room: 'rules', holds: 'lines, jurisdictions, ladders, channels, pace: data' },
  { room: 'templates', holds: 'what customers and staff read, by language; no programming needed' },
  { room: 'samples', holds: 'people, policies, notices and papers of the local stack' },
  {
    room: 'test',
    holds:
      'mirrors the tree; `flow/` on the time-skipping server, `system/` on the real stack and ' +
      'in a browser, `trust/` with liars and forgers, ' +
      '`faults/` with senders killed, `histories/` are replayed',
  },
];

/** The innermost room that a file lies in. */
export const roomOf = (file: string): Room | undefined =>
  rooms
    .filter(({ room }) => file.startsWith(`${room}/`))
    .toSorted((one, other) => other.room.length - one.room.length)[0];
