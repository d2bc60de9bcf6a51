import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import { atRest, callTo, type LocalStack } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { aNotice, fileOf, policyholder } from './notices.ts';

const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  field: z.string().optional(),
  reason: z.string().optional(),
});
const listed = z.array(z.looseObject({ claim: z.string(), outcome: z.string().nullable() }));

const [tomorrow, megabytes] = [new Date(Date.now() + 24 * 3_600_000).toISOString(), 1024 * 1024];
const pdf = (size: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(size)]);

/** One sentence: it begins with a capital letter or a field's name, and ends with one full stop. */
const sentence = /^(?:[A-Z]|[a-z]\w*[\][.\w]* |document ")[^\n]*[^.\n]\.$/;

export function badInput(stack: () => LocalStack): void {
  const folder = temporaryDirectory();
  const journal = async (no: string): Promise<unknown[]> =>
    z.array(z.unknown()).parse((await stack().calls('A-991', 'GET', `/claims/${no}/journal`)).body);
  const claims = async () => listed.parse(await stack().asks('claims', 'list', '--all'));
  /** Every entry of every claim. */
  const everything = async (): Promise<number[]> =>
    Promise.all((await claims()).map(async ({ claim }) => (await journal(claim)).length));
  let open: string, closed: string, before: number[];

  beforeAll(async () => {
    const answer = z
      .object({ claim: z.string() })
      .parse(await stack().asks('claims', 'file', fileOf(folder, 'good.json', aNotice('bad-input'))));
    open = answer.claim;
    closed = (await claims()).find(({ outcome }) => outcome !== null)?.claim ?? '';
    await atRest(stack(), open);
    before = await everything();
  });

  const notices: [string, Partial<Record<keyof NoticeOfLoss, unknown>>, number, string, string][] = [
    ['a missing field', { place: undefined }, 400, 'place', 'place is missing: it must be where it happened'],
    [
      'a malformed telephone number',
      { parties: [{ ...policyholder, phone: '138-call-me' }] },
      400,
      'parties[0].phone',
      'international notation such as +8613800138000',
    ],
    [
      'an address that is no email',
      { parties: [{ ...policyholder, email: 'wang at home' }] },
      400,
      'parties[0].email',
      'such as wang@example.com',
    ],
    [
      'a negative amount',
      { items: [{ object: 'insured-vehicle', party: 'policyholder', claimed: -5 }] },
      400,
      'items[0].claimed',
      'an amount such as 4800',
    ],
    [
      'an unknown policy',
      { policy: 'LK25-999999' },
      422,
      'policy',
      'must be the number of a policy in the records',
    ],
    [
      'an amount of three decimals',
      { items: [{ object: 'insured-vehicle', party: 'policyholder', claimed: '2400.125' }] },
      422,
      'items[0].claimed',
      'such as 4800 or "4800.00"',
    ],
    ['a loss in the future', { lossAt: tomorrow }, 422, 'lossAt', 'must be when the loss happened'],
    [
      'an object that no rule knows',
      { items: [{ object: 'bicycle', party: 'policyholder', claimed: '5' }] },
      422,
      'items[0].object',
      'insured-vehicle, third-party-vehicle',
    ],
  ];
  test.each(notices)('a notice with %s is refused', async (name, change, status, field, right) => {
    const notice = { ...aNotice(`bad ${name}`), ...change };
    const [typed, called] = await Promise.all([
      stack().types('claims', 'file', fileOf(folder, `${field}.json`, notice), '--json'),
      stack().calls('H-101', 'POST', '/claims', notice),
    ]);
    deniedAlike(typed, called, { status, right });
    expect(called.body).toMatchObject({ field });
  });

  test('a file that is not JSON is refused', async () => {
    const [typed, called] = await Promise.all([
      stack().types('claims', 'file', fileOf(folder, 'oops.json', '{"source": hotline}')),
      stack().calls('H-101', 'POST', '/claims', '{"source": hotline}'),
    ]);
    expect(typed).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringMatching(/oops\.json is not JSON: .+\.\n$/),
    });
    expect(called).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/problem+json'),
      body: { detail: 'The body must be JSON; it is not.' },
    });
  });

  test.each<
    [
      string,
      (no: { open: string; closed: string }) => {
        words: string[];
        path: string;
        body: object;
        staff?: string;
      },
      number,
      string,
    ]
  >([
    [
      'an unknown document kind',
      ({ open: no }) => ({
        words: ['accept-document', no, 'fishing-licence'],
        path: `/claims/${no}/acts/accept-document`,
        body: { document: 'fishing-licence' },
      }),
      422,
      'they know driving-licence, police-determination',
    ],
    [
      'an assessment of three decimals',
      ({ open: no }) => ({
        words: ['assess', no, 'item-1', '10.125'],
        path: `/claims/${no}/acts/assess`,
        body: { item: 'item-1', amount: '10.125' },
      }),
      422,
      'amount must be an amount in CNY',
    ],
    [
      'an unknown item',
      ({ open: no }) => ({
        words: ['assess', no, 'item-7', '10'],
        path: `/claims/${no}/acts/assess`,
        body: { item: 'item-7', amount: '10' },
      }),
      422,
      'it has item-1',
    ],
    [
      'a decision on a closed claim',
      ({ closed: no }) => ({
        words: ['approve', no, 'item-1', '--of', 'f'.repeat(64)],
        path: `/claims/${no}/acts/approve`,
        body: { item: 'item-1', of: 'f'.repeat(64) },
      }),
      409,
      'is closed (paid)',
    ],
    [
      'an unknown claim number',
      () => ({ words: ['withdraw', 'LZZZZ-ZZZZZ'], path: '/claims/LZZZZ-ZZZZZ/acts/withdraw', body: {} }),
      404,
      'There is no claim LZZZZ-ZZZZZ.',
    ],
    [
      'what is no claim number',
      () => ({ words: ['withdraw', '7'], path: '/claims/7/acts/withdraw', body: {} }),
      404,
      'a claim number looks like',
    ],
    [
      'an auditor who acts',
      ({ open: no }) => ({
        words: ['add-note', no, 'looks odd'],
        path: `/claims/${no}/acts/add-note`,
        body: { note: 'looks odd' },
        staff: 'A-991',
      }),
      403,
      'auditors change nothing',
    ],
    [
      'a contact that is none',
      ({ open: no }) => ({
        words: ['correct-contact', no, 'party-1', '--phone', '12'],
        path: `/claims/${no}/acts/correct-contact`,
        body: { party: 'party-1', phone: '12' },
      }),
      400,
      'phone must be a telephone number',
    ],
    [
      'a policy to correct to that nobody has',
      ({ open: no }) => ({
        words: ['correct-claim', no, '--policy', 'NOPE'],
        path: `/claims/${no}/acts/correct-claim`,
        body: { policy: 'NOPE' },
      }),
      422,
      'policy must be the number of a policy',
    ],
  ])('%s is refused', async (_, ask, status, right) => {
    const { words, path, body, staff = 'C-301' } = ask({ open, closed });
    const [typed, called] = await Promise.all([
      stack().types(...words, '--as', staff, '--json'),
      stack().calls(staff, 'POST', path, body),
    ]);
    deniedAlike(typed, called, { status, right });
  });

  test.each([
    [
      'neither PDF nor JPEG nor PNG by its content',
      Buffer.from('GIF89a and so on'),
      415,
      'file must be a PDF, JPEG or PNG by its content.',
    ],
    ['over 20 MB', pdf(20 * megabytes + 1), 413, 'file must be at most 20 MB.'],
    ['empty', Buffer.alloc(0), 422, 'file must not be empty.'],
  ])('an upload that is %s is refused', async (name, content, status, right) => {
    const form = new FormData();
    form.set('document', 'driving-licence');
    form.set('file', new Blob([Uint8Array.from(content)]), 'licence.pdf');
    const [typed, called] = await Promise.all([
      stack().types(
        'add-document',
        open,
        'driving-licence',
        fileOf(folder, `${name}.pdf`, content),
        '--json',
      ),
      stack().calls('H-101', 'POST', `/claims/${open}/acts/add-document`, form),
    ]);
    deniedAlike(typed, called, { status, right });
    expect(await stack().asks('documents', 'list', open, '--purpose', 'customer-called')).toEqual([]);
  });

  test('without a token, or with one that was revoked, nobody is let in', async () => {
    const token = stack().tokenOf('H-102');
    const revoke = await stack().asks('tokens', 'revoke', String(decodeJwt(token).jti), '--as', 'M-602');
    const notice = aNotice('let in');
    const [without, foreign, revoked] = await Promise.all(
      [undefined, 'not.a.token', token].map((given) =>
        callTo(
          { url: stack().addresses.api, token: given },
          { method: 'POST', path: '/claims', body: notice },
        ),
      ),
    );

    expect(revoke).toMatchObject({ kind: 'revoked' });
    expect([without, foreign, revoked].map((answer) => problem.parse(answer?.body))).toMatchObject([
      { status: 401, detail: expect.stringContaining('is missing') },
      { status: 401, detail: expect.stringContaining('not one that Lipei issued') },
      { status: 401, detail: expect.stringContaining('has been revoked') },
    ]);
    expect(await stack().types('claims', 'list', '--as', 'H-102')).toMatchObject({
      exitCode: 1,
      out: '',
      err: expect.stringContaining('has been revoked'),
    });
  });

  test('nothing of all that has changed anything: no claim more, no entry more', async () => {
    expect(await everything()).toEqual(before);
  });

  test('what the claim itself refuses is answered with the reason and stands in its journal, and nothing else follows from it', async () => {
    const [at, state] = [(await journal(open)).length, await atRest(stack(), open)];
    const typed = await stack().types('approve', open, 'item-1', '--as', 'V-401', '--json');
    expect(typed).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('needs one of the roles reviewer'),
    });
    expect((await journal(open)).slice(at)).toMatchObject([
      { kind: 'message-denied', by: 'V-401', denial: { message: 'approve' } },
    ]);
    expect(await atRest(stack(), open)).toEqual(state);
  });
}

/** The command line ends with 2 for what is malformed and 1 for what is refused, in the API's own words. */
function deniedAlike(
  typed: { exitCode: number | null; out: string; err: string },
  called: { status: number; type: string; body: unknown },
  { status, right }: { status: number; right: string },
): void {
  const document = problem.parse(called.body);
  expect({ ...called, document }).toMatchObject({
    status,
    type: expect.stringContaining('application/problem+json'),
    document: { status, detail: expect.stringContaining(right) },
  });
  expect(document.detail).toMatch(sentence);
  expect(typed).toMatchObject({ exitCode: status === 400 ? 2 : 1, err: `${document.detail}\n` });
  expect(JSON.parse(typed.out)).toMatchObject({ status, detail: document.detail });
}
