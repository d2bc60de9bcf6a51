import { join } from 'node:path';
import type { RulePack, RuleVersions } from '../../domain/rules/pack.ts';
import { projectRoot } from '../env.ts';
import { compose, fileSays, type Composed } from './compose.ts';
import {
  channelsSchema,
  jurisdictionSchema,
  laddersSchema,
  lineSchema,
  paceSchema,
  type Composition,
} from './schema.ts';
import { compositionsIn, shelfOf } from './shelf.ts';
import { checkWordings, openWordings } from './wordings.ts';
import { RulePackUnreadable, UnknownRules } from './unreadable-rules.ts';

/** The key for the rules of a new claim: its line, its jurisdiction, and the pace of the stack. */
export interface Wanted {
  line: string;
  jurisdiction: string;
  pace: string;
}

/**
 * The rules of a folder. A version of a part never changes, so it is read once. A version whose file was
 * removed is unknown, and an unreadable one is read again. A mistake throws a `RulePackUnreadable` with its
 * file and path. An unknown line, jurisdiction or pace throws an `UnknownRules` with the known names.
 */
export interface RuleBook {
  /** The packs in force: the newest version of each part, for each line and jurisdiction. */
  inForce(pace: string): RulePack[];
  /** The pack of a new claim. */
  newest(wanted: Wanted): RulePack;
  /** The pack with the versions that a claim recorded. */
  recorded(versions: RuleVersions): RulePack;
  /** The newest pack, with the origin of each value. */
  explained(wanted: Wanted): Composed;
  compositions(): Composition[];
  paces(): string[];
}

export function openRuleBook(folder: string): RuleBook {
  const lines = shelfOf(folder, 'lines', lineSchema);
  const jurisdictions = shelfOf(folder, 'jurisdictions', jurisdictionSchema);
  const ladderParts = shelfOf(folder, 'ladders', laddersSchema);
  const channelParts = shelfOf(folder, 'channels', channelsSchema);
  const paces = shelfOf(folder, 'pace', paceSchema);
  const wordings = openWordings(folder);
  const composed = new Map<string, Composed>();

  function composedOf(versions: RuleVersions): Composed {
    const parts = {
      versions,
      line: lines.part(versions.line),
      jurisdiction: jurisdictions.part(versions.jurisdiction),
      ladders: versions.ladders.map((name) => ladderParts.part(name)),
      channels: channelParts.part(versions.channels),
      pace: paces.part(versions.pace),
    };
    const key = JSON.stringify(versions);
    const known = composed.get(key) ?? compose(parts);
    composed.set(key, known);
    return known;
  }

  const versionsOf = (
    { line, jurisdiction, ladders, channels }: Composition,
    pace: string,
  ): RuleVersions => ({
    line: lines.newest(line),
    jurisdiction: jurisdictions.newest(jurisdiction),
    ladders: ladders.map((name) => ladderParts.newest(name)),
    channels: channelParts.newest(channels),
    pace: paces.newest(pace),
  });

  function inForce(pace: string): RulePack[] {
    requirePace(pace);
    const packs = compositionsIn(folder).map((each) => composedOf(versionsOf(each, pace)).pack);
    const version = paces.newest(pace);
    const lost = paces
      .part(version)
      .scales.flatMap(({ of }) => of)
      .find((name) => name.startsWith('ladders.') && !packs.some(({ ladders }) => ladders[name.slice(8)]));
    if (lost)
      throw new RulePackUnreadable(
        `pace/${version}`,
        fileSays(`pace/${version}`, `scales names ${lost}, and no line has that ladder`),
      );
    checkWordings(wordings, packs);
    return packs;
  }

  function explained({ line, jurisdiction, pace }: Wanted): Composed {
    requirePace(pace);
    const known = compositionsIn(folder).map((parts) => ({ parts, of: lineOf(parts) }));
    const found = known.find(({ parts, of }) => of === line && parts.jurisdiction === jurisdiction);
    if (found) return composedOf(versionsOf(found.parts, pace));
    const names = known.map(({ parts, of }) => `${of} in ${parts.jurisdiction}`).join(', ');
    throw new UnknownRules(
      `There are no rules for ${line} in ${jurisdiction}; there are rules for ${names}.`,
    );
  }

  /** A line in several countries has a part for each country, under a name of its own. */
  const lineOf = (parts: Composition): string => lines.part(lines.newest(parts.line)).line;

  function requirePace(pace: string): void {
    const known = paces.names();
    if (!known.includes(pace))
      throw new UnknownRules(`There is no pace "${pace}"; there are ${known.join(', ')}.`);
  }

  return {
    inForce,
    newest: (wanted) => explained(wanted).pack,
    recorded: (versions) => composedOf(versions).pack,
    explained,
    compositions: () => compositionsIn(folder),
    paces: () => paces.names(),
  };
}

/** The rules of the project. */
export const houseRules = openRuleBook(join(projectRoot, 'rules'));
