import { join } from 'node:path';
import { unless } from '../renderer/mistakes.ts';
import { readWords, type Words } from '../renderer/words.ts';
import { partyKinds, partyRoles } from '../../domain/people/people.ts';
import { owedByParties, staffSteps } from '../../domain/road/road.ts';
import { followUpTasks } from '../../domain/claim/follow-ups.ts';
import { tasksBesideRoad } from '../../domain/waiting/endings.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { Mistake, Templates } from './mistake.ts';

type Lists = Record<
  | 'places'
  | 'objects'
  | 'documents'
  | 'reasons'
  | 'clauses'
  | 'causes'
  | 'cutReasons'
  | 'waiveReasons'
  | 'parties'
  | 'tasks',
  string[]
>;

interface Read {
  tag: string;
  words: Words;
  lists: Lists;
}

/**
 * Words that the rules or another language have and this one lacks, and substitutes that the rules do not
 * accept.
 */
export function wordMistakes({ languages }: Templates, packs: RulePack[]): Mistake[] {
  // A word list that cannot be read is reported already, when the renderer read it.
  const read = languages.flatMap(({ tag, folder }): Read[] => {
    const words = unless(
      () => undefined,
      () => readWords(join(folder, 'words.json'), tag),
    );
    return words ? [{ tag, words, lists: listsOf(words) }] : [];
  });
  return read.flatMap((each) => [...lacking(each, read, packs), ...substituteMistakes(each, packs)]);
}

const listsOf = ({
  places,
  objects,
  documents,
  reasons,
  clauses,
  causes,
  cutReasons,
  waiveReasons,
  parties,
  tasks,
}: Words): Lists => ({
  places: Object.keys(places),
  objects: Object.keys(objects),
  documents: Object.keys(documents),
  reasons: Object.keys(reasons),
  clauses: Object.keys(clauses),
  causes: Object.keys(causes),
  cutReasons: Object.keys(cutReasons),
  waiveReasons: Object.keys(waiveReasons),
  parties: Object.keys(parties),
  tasks: Object.keys(tasks),
});

function lacking({ tag, lists }: Read, all: Read[], packs: RulePack[]): Mistake[] {
  const needed = [
    { from: 'the rules name it', lists: neededBy(packs) },
    ...all
      .filter((other) => other.tag !== tag)
      .map((other) => ({ from: `${other.tag} has it`, lists: other.lists })),
  ];
  const seen = new Set<string>();
  return needed
    .flatMap(({ from, lists: theirs }) =>
      listNames.flatMap((list) =>
        theirs[list].filter((code) => !lists[list].includes(code)).map((code) => ({ list, code, from })),
      ),
    )
    .filter(({ list, code }) => !seen.has(`${list}.${code}`) && seen.add(`${list}.${code}`))
    .map(({ list, code, from }) => ({
      file: `${tag}/words.json`,
      what: `${list} has no word for "${code}": add it, since ${from}`,
    }));
}

const listNames = [
  'places',
  'objects',
  'documents',
  'reasons',
  'clauses',
  'causes',
  'cutReasons',
  'waiveReasons',
  'parties',
  'tasks',
] as const;

const neededBy = (packs: RulePack[]): Lists => ({
  places: packs.map(({ jurisdiction }) => jurisdiction),
  objects: packs.flatMap(({ objects }) => Object.keys(objects)),
  documents: [
    ...packs.flatMap((pack) => pack.documents.flatMap(({ kind, substitutes }) => [kind, ...substitutes])),
    ...owedByParties,
  ],
  // The party reads why a document is asked for again, why an item is refused, or why it is looked at again.
  reasons: packs.flatMap(({ returns, refusalReasons, reopenReasons }) => [
    ...Object.entries(returns)
      .filter(([, steps]) => steps.includes('documents'))
      .map(([reason]) => reason),
    ...Object.values(refusalReasons).flat(),
    ...Object.keys(reopenReasons),
  ]),
  clauses: packs.flatMap(({ refusalReasons }) => Object.keys(refusalReasons)),
  causes: packs.flatMap(({ causes }) => causes),
  cutReasons: packs.flatMap(({ cutReasons = [] }) => cutReasons),
  waiveReasons: packs.flatMap(({ waiveReasons }) => waiveReasons),
  parties: [...partyKinds, ...partyRoles],
  tasks: [...staffSteps, ...tasksBesideRoad, ...followUpTasks],
});

function substituteMistakes({ tag, words }: Read, packs: RulePack[]): Mistake[] {
  return packs
    .flatMap((pack) => pack.documents)
    .flatMap(({ kind, substitutes }) => {
      const offered = words.documents[kind]?.substitutes ?? [];
      if (!words.documents[kind] || offered.join() === substitutes.join()) return [];
      const accepted = substitutes.length > 0 ? substitutes.join(', ') : 'none';
      const what = `documents.${kind}.substitutes should be those that the rules accept: ${accepted}`;
      return [{ file: `${tag}/words.json`, what }];
    });
}
