import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { filed as filedAnswer, listed, shown as shownAnswer, type Shown } from '../../../client/cli/answers.ts';
import { askUpTo } from '../../../client/cli/http.ts';
import { paper } from '../../../demo/paper.ts';
import { eventually } from '../../../demo/waiting.ts';
import { sampleNotice } from '../../../local/samples.ts';
import { lipei, valueOf, type Ended } from '../../support/lipei.ts';
import { runStack, type RunningStack } from '../../support/running-stack.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

let stack: RunningStack;
const desk = temporaryDirectory();
const issued = z.object({ id: z.string(), token: z.string() });

beforeAll(async () => {
  stack = await runStack('--no-samples');
}, 120_000);
afterAll(() => stack.stop(), 30_000);

const by = (who: string, ...words: string[]): Promise<Ended> => lipei([...words, '--data', stack.data, '--as', who]);
const hotline = (...words: string[]): Promise<Ended> => lipei([...words, '--data', stack.data]);

function noticeFile(name: string, change: object = {}): string {
  const file = join(desk, `${name}.json`);
  writeFileSync(file, JSON.stringify({ ...sampleNotice('third-party-invoice', new Date()), reference: name, ...change }));
  return file;
}

async function paperFile(document: string): Promise<string> {
  const file = join(desk, `${document}.pdf`);
  writeFileSync(file, await paper(document, 'a test').content.bytes());
  return file;
}

async function filed(name: string): Promise<string> {
  const { kind, claim } = valueOf(await hotline('claims', 'file', noticeFile(name), '--json'), filedAnswer);
  expect(kind).toBe('filed');
  return claim;
}

const shown = async (no: string): Promise<Shown> => valueOf(await hotline('claims', 'show', no, '--json'), shownAnswer);

const until = (what: string, no: string, holds: (claim: Shown) => boolean): Promise<Shown> =>
  eventually(what, 20, async () => {
    const claim = await shown(no);
    return holds(claim) && claim;
  });

it('the line of up --json has the addresses, and everything can be reached there', async () => {
  expect(stack.ready).toMatchObject({ ready: true, api: expect.stringMatching(/^http:/), temporalUi: expect.any(String), temporalAddress: expect.stringMatching(/:\d+$/), mail: expect.any(String), sms: expect.any(String), databaseUrl: expect.any(String) });
  const doctor = await hotline('doctor', '--json');
  expect(doctor.exitCode).toBe(0);
  expect(valueOf(doctor)).toMatchObject({ healthy: true, parts: expect.arrayContaining([{ name: 'PostgreSQL', ok: true, detail: expect.not.stringContaining('@') }]) });
});

it('a notice is filed once, shown at once, and listed with whom it waits for', async () => {
  const no = await filed('filed-once');
  expect(valueOf(await hotline('claims', 'file', noticeFile('filed-once'), '--json'))).toEqual({ kind: 'already-filed', claim: no });
  expect((await shown(no)).items.map(({ id, object }) => `${id} ${object}`)).toEqual(['item-1 insured-vehicle', 'item-2 third-party-vehicle']);
  await until('waiting for the survey', no, ({ stage }) => stage === 'survey');
  const list = valueOf(await hotline('--waiting-on', 'surveyor', '--json', 'claims', '--sort', 'next', 'list'));
  expect(list).toEqual(expect.arrayContaining([expect.objectContaining({ claim: no, waitingOn: expect.arrayContaining([expect.objectContaining({ from: 'surveyor', what: 'survey', next: { do: 'escalate', at: expect.any(String) } })]) })]));
  expect(valueOf(await by('S-201', 'work', '--json'))).toEqual(expect.arrayContaining([expect.objectContaining({ claim: no, what: 'survey' })]));
});

it('bad notices end with exit code 2 where a field is malformed and 1 where it is refused, name the field, and change nothing', async () => {
  const count = async (): Promise<number> => valueOf(await hotline('claims', 'list', '--all', '--json'), z.array(listed)).length;
  const before = await count();
  const answers = await Promise.all([
    hotline('claims', 'file', noticeFile('no-policy', { policy: undefined })),
    hotline('claims', 'file', noticeFile('unknown-policy', { policy: 'NOPE-1' })),
    hotline('claims', 'file', noticeFile('future', { lossAt: new Date(Date.now() + 86_400_000).toISOString() })),
    hotline('claims', 'file', noticeFile('three-decimals', { items: [{ object: 'insured-vehicle', party: 'policyholder', claimed: '4800.123' }] })),
  ]);
  expect(answers.map(({ exitCode, err }) => `${exitCode} ${err.split(' ')[0]}`)).toEqual(['2 policy', '1 policy', '1 lossAt', '1 items[0].claimed']);
  expect(await count()).toBe(before);
});

it('a clerk takes an item from survey to payment, with slips on the way that are said in sentences', async () => {
  const no = await filed('to-payment');
  await until('waiting for the survey', no, ({ stage }) => stage === 'survey');
  expect(await hotline('survey', no, '--on-scene')).toMatchObject({ exitCode: 1, err: expect.stringContaining('role surveyor') });
  expect(await by('S-201', 'survey', no, '--on-scene')).toMatchObject({ exitCode: 0, out: expect.stringContaining('is reported (journal entry') });
  const { handler } = await shown(no);

  expect(await hotline('documents', 'add', no, 'drivers-licence', await paperFile('driving-licence'))).toMatchObject({ exitCode: 1, err: expect.stringContaining('they know driving-licence') });
  for (const document of ['driving-licence', 'accident-certificate']) {
    expect(await hotline('documents', 'add', no, document, await paperFile(document))).toMatchObject({ exitCode: 0 });
    expect(await by(handler, 'documents', 'accept', no, document)).toMatchObject({ exitCode: 0 });
  }
  expect(valueOf(await by(handler, 'documents', 'list', no, '--json'))).toMatchObject([{ document: 'driving-licence', type: 'application/pdf' }, { document: 'accident-certificate' }]);

  await until('at assessment', no, ({ items }) => items[0]?.stage === 'assess');
  expect(await by(handler, 'assess', no, 'item-1', '4800.123')).toMatchObject({ exitCode: 1, err: expect.stringContaining('amount') });
  expect(await by(handler, 'assess', no, 'item-9', '4800')).toMatchObject({ exitCode: 1, err: expect.stringContaining('it has item-1, item-2') });
  expect(valueOf(await by(handler, 'assess', no, 'item-1', '4800', '--json'))).toMatchObject({ kind: 'recorded', seq: expect.any(Number) });
  const paid = await until('paid', no, ({ items }) => items[0]?.outcome?.kind === 'paid');
  expect(paid.items[0]).toMatchObject({ payable: '4800.00', payment: { state: 'confirmed', amount: '4800.00' } });
  expect(paid.items[1]).toMatchObject({ stage: 'documents' });

  expect(await by('R-501', 'decide', no, 'item-2', 'approve')).toMatchObject({ exitCode: 1, err: expect.stringContaining('stands at "documents"') });
  expect(await by(handler, 'calls', 'record', no, 'third-party', 'busy-will-go-later', '--promised', '2099-01-05')).toMatchObject({ exitCode: 0 });
  expect(await by(handler, 'note', no, '客户周五下午来')).toMatchObject({ exitCode: 0 });
  expect(await by(handler, 'claims', 'notes', no)).toMatchObject({ exitCode: 0, out: expect.stringContaining('客户周五下午来') });
  expect(await hotline('withdraw', no)).toMatchObject({ exitCode: 0 });
  await until('closed', no, ({ outcome }) => outcome === 'partly-paid');
  expect(await by(handler, 'assess', no, 'item-2', '3500')).toMatchObject({ exitCode: 1, err: expect.stringContaining('is closed (partly-paid)') });

  const page = join(desk, 'paid.html');
  expect(await by(handler, 'templates', 'preview', 'paid', '--claim', no, '--out', page)).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^.*paid\.html\nsms, to party-1, .*: 1 segment of UCS-2.*\nemail, to party-1, /) });
  expect(readFileSync(page, 'utf8')).toContain(`案件尾号${no.slice(-5)}`);
  expect(await by(handler, 'templates', 'preview', 'refused', '--claim', no)).toMatchObject({ exitCode: 1, err: expect.stringContaining('Nothing of the kind refused was said about claim') });

  const journal = await hotline('claims', 'journal', no);
  expect(journal.out).toMatch(/S-201 +survey reported, on the scene/);
  expect(journal.out).toMatch(/bank +bank has paid item-1/);
  const entries = valueOf(await hotline('claims', 'journal', no, '--json'), z.array(z.looseObject({ seq: z.number(), kind: z.string(), hash: z.string() })));
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  expect(entries[0]?.kind).toBe('claim-opened');
}, 90_000);

it('a claim that is not there is said so', async () => {
  expect(await hotline('claims', 'show', 'L0000-00000')).toMatchObject({ exitCode: 1, out: '', err: 'There is no claim L0000-00000.\n' });
  expect(valueOf(await by('R-502', 'decide', 'L0000-00000', 'item-1', 'approve', '--json'))).toMatchObject({ status: 404, detail: 'There is no claim L0000-00000.' });
});

it('whoever is unknown is told who is there', async () => {
  expect(await by('Z-1', 'claims', 'list')).toMatchObject({ exitCode: 2, err: expect.stringMatching(/^Nobody here has the staff code "Z-1"; --as takes one of A-991, C-301/) });
});

it('auditors look and change nothing', async () => {
  const no = await filed('audited');
  expect(await by('A-991', 'claims', 'journal', no)).toMatchObject({ exitCode: 0 });
  expect(await by('A-991', 'note', no, 'seen')).toMatchObject({ exitCode: 1, err: expect.stringContaining('auditors change nothing') });
});

it('outside the local stack the token in LIPEI_TOKEN says who acts, until it is revoked', async () => {
  const { id, token } = valueOf(await lipei(['tokens', 'issue', 'C-301', '--json', '--data', stack.data]), issued);
  const elsewhere = (): Promise<Ended> => lipei(['work', '--json', '--api', String(stack.ready['api'])], { env: { LIPEI_TOKEN: token, LIPEI_DATA: desk } });
  expect(await elsewhere()).toMatchObject({ exitCode: 0 });
  expect(await hotline('tokens', 'revoke', id)).toMatchObject({ exitCode: 1, err: expect.stringContaining('manager') });
  expect(await by('M-601', 'tokens', 'revoke', id)).toMatchObject({ exitCode: 0 });
  expect(await elsewhere()).toMatchObject({ exitCode: 1, err: expect.stringContaining('revoked') });
});

it('a list is followed to its end, however small its pages are', async () => {
  const { token } = valueOf(await lipei(['tokens', 'issue', 'H-101', '--json', '--data', stack.data]), issued);
  const connection = { url: String(stack.ready['api']), token, advice: '' };
  const inPages = (await askUpTo(1000, connection, { path: '/claims?all=true&limit=1', answer: z.array(listed) })).all;
  const atOnce = valueOf(await hotline('claims', 'list', '--all', '--json'), z.array(listed));
  expect(inPages.length).toBeGreaterThan(2);
  expect(inPages.map(({ claim }) => claim)).toEqual(atOnce.map(({ claim }) => claim));
});

it('a list is as long as one says, and says where it was cut: to people under it, to programs beside it', async () => {
  const all = valueOf(await hotline('claims', 'list', '--all', '--json'), z.array(listed));
  const cut = await hotline('claims', 'list', '--all', '--limit', '2', '--json');
  expect(valueOf(cut)).toEqual(all.slice(0, 2));
  expect(cut.err).toBe('There are more than these 2: --limit 20 shows more of them, with --json too.\n');
  expect((await hotline('claims', 'list', '--all', '--limit', '2')).out).toMatch(/\n2 claims\.\nThere are more than these 2: --limit 20 shows more of them, with --json too\.\n$/);
  expect((await hotline('claims', 'list', '--all', '--limit', String(all.length))).out).not.toContain('There are more');
  expect(await hotline('claims', 'list', '--limit', 'many')).toMatchObject({ exitCode: 2, err: expect.stringContaining('It should be a whole number') });
  expect((await by('S-201', 'work', '--limit', '1')).out).toContain('There are more than these 1:');
});
