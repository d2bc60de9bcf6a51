import { present } from '../../domain/present.ts';
import { namesOf, type Names } from '../../records/staff/names.ts';
import { whenUp, type ApiContext } from './context.ts';

/** The codes of an answer that have names. */
interface Coded {
  branch?: string | undefined;
  handler?: string | undefined;
  surveyor?: string | undefined;
}

type WithNames<Answer> = Answer & { branchName?: string; handlerName?: string; surveyorName?: string };

/**
 * Answers with the names of their codes beside them: `handlerName` beside `handler`. A code that nobody has
 * has no name, and while the records are down none has.
 */
export async function withNames<Answer extends Coded>(
  { database }: Pick<ApiContext, 'database'>,
  answers: readonly Answer[],
): Promise<WithNames<Answer>[]> {
  const found = await whenUp(
    namesOf(database, {
      staff: answers.flatMap(({ handler, surveyor }) => [handler ?? [], surveyor ?? []].flat()),
      units: answers.flatMap(({ branch }) => branch ?? []),
    }),
  );
  return answers.map((answer) => ({ ...answer, ...(found === 'down' ? {} : namesIn(answer, found)) }));
}

const namesIn = ({ branch = '', handler = '', surveyor = '' }: Coded, { staff, units }: Names) =>
  present({
    branchName: units.get(branch),
    handlerName: staff.get(handler),
    surveyorName: staff.get(surveyor),
  });
