import type { Command } from 'commander';
import { program } from '../../../client/cli/program.ts';
import { optionsLast, wantsJson } from '../../../client/cli/words.ts';

describe('the words of a command line', () => {
  const lipei = program();

  it.each([
    ['options behind', 'claims list --overdue --sort age'],
    ['options before', '--overdue --sort age claims list'],
    ['options between', 'claims --overdue list --sort age'],
  ])('mean the same with %s', (_, written) => {
    expect(optionsLast(written.split(' '), lipei)).toEqual(['claims', 'list', '--overdue', '--sort', 'age']);
  });

  it('keep a value with its option, whatever it looks like', () => {
    expect(optionsLast(['--report', '--nothing', 'report-survey', 'L0'], lipei)).toEqual([
      'report-survey',
      'L0',
      '--report',
      '--nothing',
    ]);
  });

  it('take a dash for standard input and a negative number for a number', () => {
    expect(optionsLast(['--json', 'claims', 'file', '-', '-5'], lipei)).toEqual([
      'claims',
      'file',
      '-',
      '-5',
      '--json',
    ]);
  });

  it('take a text that begins with a dash for a text', () => {
    for (const text of ['- left door', '-左前门', '-- see the photograph'])
      expect(optionsLast(['--json', 'add-note', 'L0', text, '--as', 'C-301'], lipei)).toEqual([
        'add-note',
        'L0',
        '--json',
        '--as',
        'C-301',
        '--',
        text,
      ]);
    expect(optionsLast(['claims', 'list', '--stage=no such stage'], lipei)).toContain(
      '--stage=no such stage',
    );
  });

  it('leave what follows two dashes as it is', () => {
    expect(optionsLast(['add-note', 'L0', '--json', '--', '--urgent'], lipei)).toEqual([
      'add-note',
      'L0',
      '--json',
      '--',
      '--urgent',
    ]);
    expect(wantsJson(['add-note', 'L0', '--', '--json'])).toBe(false);
  });

  it('have one meaning by option name in all commands, or they could not stand anywhere', () => {
    const meanings = Map.groupBy(everyOption(lipei), ({ name }) => name);
    const ambiguous = [...meanings]
      .filter(([, options]) => new Set(options.map(({ takesValue }) => takesValue)).size > 1)
      .map(([name]) => name);
    expect(ambiguous).toEqual([]);
  });
});

const everyOption = (command: Command): { name: string; takesValue: boolean }[] => [
  ...command.options.map(({ long, flags, required }) => ({ name: long ?? flags, takesValue: required })),
  ...command.commands.flatMap(everyOption),
];
