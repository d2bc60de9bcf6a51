import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lipei, lipeiHere, valueOf } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const nowhere = temporaryDirectory();

function fileWith(content: string): string {
  const file = join(temporaryDirectory(), 'notice.json');
  writeFileSync(file, content);
  return file;
}

describe('a wrong command line ends with exit code 2 and a sentence about the right one', () => {
  it.each([
    ['no command', [], 'Name one of the commands above'],
    ['a mistyped command', ['claims', 'lst'], 'Did you mean list?'],
    ['a mistyped option', ['claims', 'list', '--overdu'], 'Did you mean --overdue?'],
    [
      'a word that is no choice',
      ['claims', 'list', '--sort', 'size'],
      '--sort "size" is wrong. Allowed choices are age, next, amount, silence.',
    ],
    ['a retry of nothing', ['retry'], 'Name a claim, or give --problem with one of records, bank'],
    ['filing nothing', ['claims', 'file'], 'claims file --example prints an example'],
    ['a missing number', ['claims', 'show'], "Missing required argument 'claim'."],
    ['a word too many', ['cancel-withdrawal', 'A', 'B'], 'Expected 1 argument but got 2'],
    [
      'an amount with separators',
      ['assess', 'A', 'item-1', '4,800'],
      'amount "4,800" is wrong. Write an amount like 4800 or 4800.50',
    ],
    [
      'a cut without its reason',
      ['assess', 'A', 'item-1', '4800', '--cut', '=500'],
      'Write a cut like depreciation=1200.50',
    ],
    ['a negative amount', ['assess', 'A', 'item-1', '-5'], 'amount "-5" is wrong'],
    [
      'a day that does not exist',
      ['record-call', 'A', 'party-1', 'reached', '--promised', '2026-02-30'],
      '--promised "2026-02-30" is wrong. Write a date like 2026-11-27',
    ],
    [
      'a promise without a date',
      ['record-call', 'A', 'party-1', 'busy-will-go-later'],
      '--promised 2026-11-27',
    ],
    [
      'a survey that does not say where',
      ['report-survey', 'A', '--findings', 'x'],
      '--on-scene or --not-on-scene',
    ],
    ['a survey without findings', ['report-survey', 'A', '--on-scene'], '--findings'],
    ['a waiver without a reason', ['waive-document', 'A', 'driving-licence'], '--reason'],
    [
      'a survey here and elsewhere',
      ['report-survey', 'A', '--findings', 'x', '--on-scene', '--not-on-scene'],
      'cannot be used with',
    ],
    [
      'a return without a step',
      ['return-for-rework', 'A', 'item-1', '--reason', 'price-too-high'],
      "Missing required argument 'to'",
    ],
    [
      'a reason without a clause',
      ['refuse', 'A', 'item-1', '--reason', 'racing'],
      'both --clause and --reason',
    ],
    ['a rejection without a reason', ['reject-document', 'A', 'driving-licence'], '--reason'],
    [
      'a correction of nothing',
      ['correct-claim', 'A'],
      '--policy, --loss-at, --cause, or --item with --claimed or --plate',
    ],
    [
      'half a correction',
      ['correct-claim', 'A', '--item', 'item-1'],
      'give --item, and --claimed or --plate',
    ],
    [
      'a moment that is none',
      ['correct-claim', 'A', '--loss-at', 'yesterday'],
      '--loss-at "yesterday" is wrong. Write a time like',
    ],
    [
      'a document that is not there',
      ['add-document', 'A', 'driving-licence', '/no/such.pdf'],
      '/no/such.pdf cannot be read: there is no such file.',
    ],
    ['a notice that is not JSON', ['claims', 'file', fileWith('{"source": hotline}')], 'is not JSON'],
    ['a notice that is a list', ['claims', 'file', fileWith('[]')], 'should contain one JSON object'],
    [
      'a message that there is not',
      ['templates', 'preview', 'piad'],
      'kind "piad" is wrong. Allowed choices are acknowledgement,',
    ],
    [
      'a channel that there is not',
      ['templates', 'preview', 'paid', '--channel', 'fax'],
      '--channel "fax" is wrong. Allowed choices are sms, email, letter.',
    ],
    [
      'a channel that a message does not take',
      ['templates', 'preview', 'paid', '--channel', 'letter'],
      'paid has no letter; it has sms, email.',
    ],
    [
      'a language that there is not',
      ['templates', 'preview', 'paid', '--language', 'fr'],
      'There are no templates in "fr"; there are en, zh-CN.',
    ],
    [
      'a sample of a claim',
      ['templates', 'preview', 'paid', '--sample', '--claim', 'A'],
      'cannot be used with',
    ],
    [
      'a folder without templates',
      ['templates', 'check', '--dir', '/no/such'],
      'There are no templates in /no/such',
    ],
    ['an address that is none', ['claims', 'list', '--api', 'localhost'], '--api localhost is wrong'],
    [
      'an API elsewhere without a token',
      ['claims', 'list', '--api', 'http://127.0.0.1:64999'],
      'LIPEI_TOKEN',
    ],
    [
      'a person for an API elsewhere',
      ['claims', 'list', '--api', 'http://127.0.0.1:64999', '--as', 'H-100'],
      '--as chooses a person of the local stack',
    ],
    [
      'a port that is none',
      ['up', '--port-base', 'high'],
      '--port-base "high" is wrong. It should be a whole number from 1024',
    ],
    [
      'a port without room above it',
      ['up', '--port-base', '65535'],
      '--port-base "65535" is wrong. It should be a whole number from 1024',
    ],
  ])('%s', async (_, args, sentence) => {
    const ended = await lipeiHere([...args, '--data', nowhere]);
    expect(ended).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining(sentence) });
  });

  it('a notice that is not there', async () => {
    const ended = await lipei(['claims', 'file', '/no/such.json', '--data', nowhere]);
    expect(ended).toMatchObject({ exitCode: 2, err: expect.stringContaining('there is no such file') });
  });

  it('with --json standard output holds the problem as one JSON value', async () => {
    const ended = await lipei(['--json', 'assess', 'A', 'item-1', '4,800', '--data', nowhere]);
    expect(ended.exitCode).toBe(2);
    expect(valueOf(ended)).toMatchObject({ detail: expect.stringContaining('4,800') });
  });

  it('a notice may come through standard input, and is read before anything is connected', async () => {
    const ended = await lipei(['claims', 'file', '-', '--data', nowhere], { input: '{' });
    expect(ended).toMatchObject({ exitCode: 2, err: expect.stringContaining('Standard input is not JSON') });
  });
});

describe('without a stack a command ends with exit code 1', () => {
  it.each([['claims', 'list'], ['claims', 'show', 'L0000-00000'], ['work'], ['withdraw', 'L0000-00000']])(
    '%s %s says to run npm start',
    async (...args) => {
      const ended = await lipeiHere([...args, '--data', nowhere]);
      expect(ended).toMatchObject({
        exitCode: 1,
        out: '',
        err: expect.stringMatching(
          /^No local stack runs with the data directory .+\. Run npm start first, or name an API with --api\.\n$/,
        ),
      });
    },
  );

  it('doctor says what it can tell all the same, in one JSON value', async () => {
    const ended = await lipei(['doctor', '--json', '--data', nowhere]);
    expect(ended.exitCode).toBe(1);
    expect(valueOf(ended)).toMatchObject({
      healthy: false,
      parts: expect.arrayContaining([expect.objectContaining({ name: 'API', ok: false })]),
    });
  });

  it('an API that does not answer is named', async () => {
    const ended = await lipei(['claims', 'list', '--api', 'http://127.0.0.1:64999'], {
      env: { LIPEI_TOKEN: 'a-token' },
    });
    expect(ended).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('http://127.0.0.1:64999 cannot be reached'),
    });
  });
});

describe('help is an answer', () => {
  it.each([['--help'], ['help'], ['claims --help'], ['help approve']])(
    'lipei %s ends with exit code 0',
    async (words) => {
      const ended = await lipei(words.split(' '));
      expect(ended).toMatchObject({ exitCode: 0, err: '', out: expect.stringContaining('Usage: lipei') });
    },
  );

  it('also in JSON', async () => {
    expect(valueOf(await lipei(['approve', '--help', '--json']))).toEqual({
      help: expect.stringContaining('Usage: lipei approve'),
    });
  });
});
