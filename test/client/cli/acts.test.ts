import { program } from '../../../client/cli/program.ts';
import { actNames, acts, recordActs } from '../../../domain/claim/acts.ts';
import { rolesInWords, permittedActs } from '../../../domain/people/permissions.ts';
import { lipeiHere } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const commandOf = (name: string) => program().commands.find((each) => each.name() === name);

test.each(permittedActs)('%s is a command of that name, which says who may', (name) => {
  const command = commandOf(name);
  expect(command?.registeredArguments[0]?.name()).toBe('claim');
  expect(command?.description()).toContain(`(${rolesInWords(name)})`);
  expect(command?.helpGroup()).toBe('Acts on a claim:');
});

test('the commands that act are the acts', () => {
  const acting = program().commands.filter((each) => each.helpGroup() === 'Acts on a claim:');
  expect(acting.map((each) => each.name())).toEqual([...actNames, ...Object.keys(recordActs)]);
});

test.each([
  ['a mistyped act', ['accept-dokument', 'A', 'B'], 'Did you mean accept-document?'],
  [
    'a party without a word about how it ended',
    ['record-call', 'A', 'party-1'],
    "Missing required argument 'outcome'.",
  ],
  [
    'a step that there is not',
    ['return-for-rework', 'A', 'item-1', 'dance', '--reason', 'x'],
    'to "dance" is wrong. Allowed choices are documents',
  ],
  [
    'a field that is both corrected and taken away',
    ['correct-contact', 'A', 'party-1', '--phone', '+8613800138000', '--remove', 'phone'],
    'Give either --phone or --remove phone.',
  ],
  ['a name that is taken away', ['correct-contact', 'A', 'party-1', '--remove', 'name'], 'phone, email'],
  ['an opt-out that does not say how they asked for it', ['opt-out', 'A', 'party-1', 'sms'], '--source'],
  ['an opt-in that does not say how they said so', ['opt-in', 'A', 'party-1', 'sms'], '--source'],
])('%s', async (_, words, sentence) => {
  const ended = await lipeiHere([...words, '--data', temporaryDirectory()]);
  expect(ended).toMatchObject({ exitCode: 2, err: expect.stringContaining(sentence) });
});

/** Beside what is typed: the claim, and what the API says of a payment. */
const alwaysKnown = ['claim', 'what'];

test.each(actNames)('the answer to %s names only what was typed', (name) => {
  const command = commandOf(name);
  const typed = [
    ...(command?.registeredArguments ?? []).map((each) => each.name()),
    ...(command?.options ?? []).map((each) => each.attributeName()),
    ...alwaysKnown,
  ];
  const named = [...acts[name].recorded.matchAll(/\{(\w+)/g)].map(([, word]) => word);
  expect(named.filter((word) => !typed.some((each) => each === word))).toEqual([]);
});
