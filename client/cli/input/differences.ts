import { correctableFields } from '../../../domain/people/party-fields.ts';

/** Which fields of a notice differ from the claim that has it, and the commands that correct them there. */
export function differencesInWords(claim: string, differs: readonly string[]): string {
  const commands = [...new Set(differs.map(commandFor))];
  return `It differs from the claim in ${differs.join(', ')}; correct that with ${commands
    .map((command) => `bin/lipei ${command} ${claim} …`)
    .join(', ')}.`;
}

/** Other fields have no correction of their own: a note tells the handler. */
function commandFor(field: string): string {
  const name = field.replace(/^.*\./, '');
  if (['policy', 'lossAt', 'cause', 'claimed', 'plate'].includes(name)) return 'correct-claim';
  if (name.startsWith('account')) return 'set-payee';
  return correctableFields.some((each) => each === name) ? 'correct-contact' : 'add-note';
}
