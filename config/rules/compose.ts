import { laddersOfRoad } from '../../domain/road/road.ts';
import { laddersBesideRoad } from '../../domain/waiting/expectations.ts';
import type { RulePack, RuleVersions } from '../../domain/rules/pack.ts';
import { paced } from './pace.ts';
import type { Channels, Jurisdiction, Ladders, Line, Pace } from './schema.ts';
import { RulePackUnreadable } from './unreadable-rules.ts';

/** The parts, with the names and versions that a claim records. */
export interface Parts {
  versions: RuleVersions;
  line: Line;
  jurisdiction: Jurisdiction;
  ladders: Ladders[];
  channels: Channels;
  pace: Pace;
}

/** The origin of a value of the pack: a part's `<kind>/<name>@<version>`. */
export interface Origin {
  /** The path in the pack. It also covers all paths below it without an origin of their own. */
  path: string;
  part: string;
  /** The part's own value, if the pace has changed it. */
  was?: string;
  pace?: string;
}

export interface Composed {
  pack: RulePack;
  origins: Origin[];
}

/** The ladders that the process itself climbs, beside those of the line's documents. */
const neededLadders = [...laddersOfRoad, ...laddersBesideRoad];

/** Composes one pack. Throws a `RulePackUnreadable` when the parts do not fit together. */
export function compose(parts: Parts): Composed {
  const { line, jurisdiction, channels, versions } = parts;
  const mistake = mistakeIn(parts);
  if (mistake) throw new RulePackUnreadable(mistake.part, fileSays(mistake.part, mistake.says));
  const { pack, changed } = paced(
    {
      versions,
      ...line,
      ...jurisdiction,
      ladders: Object.fromEntries(parts.ladders.flatMap(({ ladders }) => Object.entries(ladders))),
      ...channels,
    },
    parts.pace,
  );
  const from = originsOf(parts);
  const atThisPace = changed.map(({ path, was }) => ({
    path,
    was,
    part: originOf(path, from)?.part ?? '',
    pace: `pace/${versions.pace}`,
  }));
  return { pack, origins: [...atThisPace, ...from] };
}

/** The most exact origin of a path. */
export const originOf = (path: string, origins: Origin[]): Origin | undefined =>
  origins
    .filter((origin) => path === origin.path || path.startsWith(`${origin.path}.`))
    .toSorted((one, other) => other.path.length - one.path.length)[0];

export const fileSays = (part: string, says: string): string => `rules/${part}.json: ${says}.`;

const originsOf = (parts: Parts): Origin[] => {
  const { versions, line, jurisdiction, channels } = parts;
  return [
    ...Object.keys(jurisdiction).map((path) => ({ path, part: `jurisdictions/${versions.jurisdiction}` })),
    ...Object.keys(channels).map((path) => ({ path, part: `channels/${versions.channels}` })),
    ...laddersOf(parts).map(({ name, part }) => ({ path: `ladders.${name}`, part })),
    ...Object.keys(line)
      .filter((path) => path !== 'currency')
      .map((path) => ({ path, part: `lines/${versions.line}` })),
  ];
};

interface Mistake {
  part: string;
  says: string;
}

/** The mistakes between parts, such as a name that another part must have. */
const mistakeIn = (parts: Parts): Mistake | undefined =>
  otherCurrency(parts) ?? ladderTwice(parts) ?? ladderUnknown(parts) ?? ladderMissing(parts);

function otherCurrency({ versions, line, jurisdiction }: Parts): Mistake | undefined {
  if (line.currency === jurisdiction.currency) return undefined;
  const place = `jurisdictions/${versions.jurisdiction}`;
  return {
    part: `lines/${versions.line}`,
    says: `currency is ${line.currency}, and claims of ${place} are in ${jurisdiction.currency}`,
  };
}

function ladderTwice(parts: Parts): Mistake | undefined {
  const all = laddersOf(parts);
  const first = (name: string): string | undefined => all.find((each) => each.name === name)?.part;
  const twice = all.find(({ name, part }) => first(name) !== part);
  return twice && { part: twice.part, says: `ladders.${twice.name} stands in ${first(twice.name)} too` };
}

function ladderUnknown(parts: Parts): Mistake | undefined {
  const known = laddersOf(parts).map(({ name }) => name);
  const index = parts.line.documents.findIndex(({ ladder }) => !known.includes(ladder));
  if (index < 0) return undefined;
  const where = `documents.${index}.ladder "${parts.line.documents[index]?.ladder}"`;
  return {
    part: `lines/${parts.versions.line}`,
    says: `${where} stands in none of ${ladderFiles(parts).join(', ')}`,
  };
}

function ladderMissing(parts: Parts): Mistake | undefined {
  const known = laddersOf(parts).map(({ name }) => name);
  const climbed = [...neededLadders, ...(parts.jurisdiction.clocks.decision ? ['clock'] : [])];
  const missing = climbed.find((name) => !known.includes(name));
  if (missing === undefined) return undefined;
  const files = ladderFiles(parts);
  return {
    part: files.at(-1) ?? '',
    says: `ladders.${missing} is missing in ${files.join(', ')}; the process climbs it`,
  };
}

const ladderFiles = ({ versions }: Parts): string[] => versions.ladders.map((name) => `ladders/${name}`);

const laddersOf = (parts: Parts): { name: string; part: string }[] => {
  const files = ladderFiles(parts);
  return parts.ladders.flatMap(({ ladders }, index) =>
    Object.keys(ladders).map((name) => ({ name, part: files[index] ?? '' })),
  );
};
