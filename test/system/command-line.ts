import { z } from 'zod';
import type { LocalStack } from '../support/local-stack.ts';
import { valueOf } from '../support/lipei.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { aNotice, fileOf } from './notices.ts';

/** What scripts rely on. More fields may come; these stay. */
const instant = z.iso.datetime();
const amount = z.string().regex(/^\d+\.\d{2}$/);
const waiting = z.looseObject({
  from: z.string(),
  what: z.string(),
  since: instant,
  due: instant,
  next: z.looseObject({ do: z.string(), at: instant }),
});
const listed = z.looseObject({
  claim: z.string().regex(/^L[0-9A-Z]{4}-[0-9A-Z]{5}$/),
  line: z.enum(['motor', 'contents']),
  stage: z.string(),
  outcome: z.string().nullable(),
  handler: z.string(),
  stageSince: instant,
  waitingOn: z.array(waiting),
});
const shown = listed.extend({
  items: z
    .array(
      z.looseObject({
        id: z.string(),
        object: z.string(),
        stage: z.string(),
        documents: z.array(z.looseObject({ kind: z.string(), state: z.string() })),
        payable: amount.nullable(),
        payment: z.looseObject({ state: z.string(), amount }).nullable(),
      }),
    )
    .min(1),
  notifications: z.array(
    z.looseObject({ kind: z.string(), channel: z.string(), to: z.string(), state: z.string(), at: instant }),
  ),
});
const task = waiting.extend({ claim: z.string() });
const entry = z.looseObject({ seq: z.int(), at: instant, by: z.string(), kind: z.string() });

type Listed = z.infer<typeof listed>;

export function commandLine(stack: () => LocalStack): void {
  const list = async (...options: string[]): Promise<Listed[]> =>
    z.array(listed).parse(await stack().asks('claims', 'list', ...options));

  test('a notice of loss is filed once; the claim is shown at once, and soon with whom it waits for and who was told what', async () => {
    const notice = fileOf(temporaryDirectory(), 'notice.json', aNotice('command-line'));
    const first = z
      .strictObject({ kind: z.literal('filed'), claim: z.string() })
      .parse(await stack().asks('claims', 'file', notice));
    const show = shown.parse(await stack().asks('claims', 'show', first.claim));
    expect(await stack().asks('claims', 'file', notice)).toEqual({
      kind: 'already-filed',
      claim: first.claim,
    });

    expect(show).toMatchObject({
      claim: first.claim,
      outcome: null,
      items: [
        {
          object: 'insured-vehicle',
          documents: [
            { kind: 'driving-licence', state: 'owed' },
            { kind: 'police-determination', state: 'owed' },
          ],
          payable: null,
          payment: null,
        },
      ],
    });
    expect(show.notifications.map(({ kind, channel }) => `${kind}/${channel}`)).toEqual(
      expect.arrayContaining(['acknowledgement/email', 'acknowledgement/sms']),
    );
    expect((await list()).map(({ claim }) => claim)).toContain(first.claim);
  });

  test('a list holds what was asked for, in the order that was asked for', async () => {
    const [all, police, verifier, ofHandler, atSurvey, atReview, byAge, byNext, byAmount] = await Promise.all(
      [
        list('--all'),
        list('--waiting-on', 'police'),
        list('--waiting-on', 'verifier'),
        list('--handler', 'C-301'),
        list('--stage', 'survey'),
        list('--stage', 'review'),
        list('--sort', 'age'),
        list('--sort', 'next'),
        list('--sort', 'amount'),
      ],
    );
    const samples: unknown = await stack()
      .calls('A-991', 'GET', '/claims?sort=amount&limit=1')
      .then(({ body }) => body);

    expect(police.length).toBeGreaterThan(0);
    expect(police.every(({ waitingOn }) => waitingOn.some(({ from }) => from === 'police'))).toBe(true);
    expect(verifier.length).toBeGreaterThan(0);
    expect(verifier.every(({ waitingOn }) => waitingOn.some(({ from }) => from === 'verifier'))).toBe(true);
    expect(new Set(ofHandler.map(({ handler }) => handler))).toEqual(new Set(['C-301']));
    expect(atSurvey.length).toBeGreaterThan(2);
    expect(atSurvey.length).toBeLessThan(all.length);
    expect(new Set(atSurvey.map(({ stage }) => stage))).toEqual(new Set(['survey']));
    expect(atSurvey[0]?.waitingOn).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          from: 'surveyor',
          what: 'survey',
          next: { do: 'escalate', at: expect.any(String) },
        }),
      ]),
    );
    expect(new Set(atReview.map(({ stage }) => stage))).toEqual(new Set(['review']));
    expect(byAge.map((claim) => earliest(claim, ({ since }) => since))).toEqual(
      byAge.map((claim) => earliest(claim, ({ since }) => since)).toSorted(),
    );
    expect(byNext.map((claim) => earliest(claim, ({ next }) => next.at))).toEqual(
      byNext.map((claim) => earliest(claim, ({ next }) => next.at)).toSorted(),
    );
    expect(samples).toMatchObject([{ claim: byAmount[0]?.claim }]);
    expect(shown.parse(await stack().asks('claims', 'show', byAmount[0]?.claim ?? ''))).toMatchObject({
      items: [{ claimed: '380000.00' }],
    });
  });

  test('options stand anywhere, and with --json standard output is one value', async () => {
    const data = ['--data', stack().dataDir];
    const answers = await Promise.all([
      stack().types('claims', 'list', '--stage', 'survey', '--json'),
      stack().types('--json', 'claims', '--stage', 'survey', 'list'),
      stack().types('--stage=survey', '--json', 'claims', 'list'),
      stack().types('claims', ...data, 'list', '--json', '--stage', 'survey'),
    ]);
    for (const answer of answers) expect(answer).toEqual({ ...answers[0], exitCode: 0, err: '' });
    expect(
      z.array(listed).parse(valueOf(answers[0] ?? { exitCode: 1, out: '', err: '' })).length,
    ).toBeGreaterThan(2);
  });

  test('work is what waits for whoever asks, the oldest first', async () => {
    const tasks = z.array(task).parse(await stack().asks('work', '--as', 'S-201'));
    expect(tasks.length).toBeGreaterThan(1);
    expect(new Set(tasks.map(({ from, what }) => `${from}: ${what}`))).toEqual(new Set(['surveyor: survey']));
    expect(tasks.map(({ since }) => since)).toEqual(tasks.map(({ since }) => since).toSorted());
    expect(await stack().asks('work', '--as', 'A-991')).toEqual([]);
  });

  test('a journal is everything from the first entry on, one after the other', async () => {
    const [first] = await list();
    const entries = z.array(entry).parse(await stack().asks('claims', 'journal', first?.claim ?? ''));
    expect(entries[0]).toMatchObject({ kind: 'claim-opened', by: 'H-101' });
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted());
  });
}

/** The earliest of what a claim's open lines say. */
const earliest = ({ waitingOn }: Listed, of: (line: Listed['waitingOn'][number]) => string): string =>
  waitingOn.map(of).toSorted()[0] ?? '';
