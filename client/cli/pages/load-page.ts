import type { Load } from '../../own-api/schemas/staff.ts';
import { since } from '../input/times.ts';
import { table } from '../table.ts';
import { indented, inTree } from './tree.ts';

/** Units as a tree with the sums of what is beneath them, then the people, those with most tasks first. */
export function loadPage({ units, people }: Load): string {
  const parts = [units.length > 0 ? [ofUnits(units)] : [], people.length > 0 ? [ofPeople(people)] : []];
  return parts.flat().join('\n\n') || 'There are no units and no members of staff.';
}

const ofUnits = (units: Load['units']): string =>
  table(
    ['unit', 'name', 'open claims', 'tasks', 'late', 'oldest', 'unseen'],
    inTree(units).map(({ depth, each }) => [
      indented(depth, each.code),
      each.name,
      some(each.claims),
      some(each.tasks),
      some(each.late),
      age(each),
      some(each.unseen),
    ]),
  );

const ofPeople = (people: Load['people']): string =>
  table(
    ['person', 'name', 'unit', 'handles', 'surveys', 'tasks', 'oldest', 'unseen'],
    people
      .toSorted((one, other) => other.tasks - one.tasks)
      .map((each) => [
        each.code,
        each.name,
        each.branch,
        some(each.handling),
        some(each.surveying),
        some(each.tasks),
        age(each),
        some(each.unseen),
      ]),
  );

const some = (count: number): string => (count === 0 ? '' : String(count));

const age = ({ oldestSince }: { oldestSince?: string | undefined }): string =>
  oldestSince === undefined ? '' : since(oldestSince);
