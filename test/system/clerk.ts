import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { asking } from '../../client/own-api/asking.ts';
import { filedSchema, listedSchema, shownSchema, type Shown } from '../../client/own-api/schemas/claims.ts';
import { paper } from '../../demo/paper.ts';
import { sampleNotice } from '../../local/samples.ts';
import { lipei, valueOf, type Ended } from '../support/lipei.ts';
import { eventually, type LocalStack } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { apart, fileOf } from './notices.ts';

const issued = z.object({ id: z.string(), token: z.string() });

export function clerk(stack: () => LocalStack): void {
  const folder = temporaryDirectory();
  const hotline = (...words: string[]): Promise<Ended> => stack().types(...words);
  const by = (who: string, ...words: string[]): Promise<Ended> => stack().types(...words, '--as', who);
  const shown = async (no: string): Promise<Shown> =>
    valueOf(await hotline('claims', 'show', no, '--json'), shownSchema);
  const until = (what: string, no: string, holds: (claim: Shown) => boolean): Promise<Shown> =>
    eventually(what, () => shown(no), holds);
  const paperFile = async (document: string): Promise<string> =>
    fileOf(folder, `${document}.pdf`, Buffer.from(await paper(document, 'a test').content.bytes()));

  test('a clerk takes an item from survey to payment; slips on the way get sentences', async () => {
    const { claim: no } = valueOf(
      await hotline(
        'claims',
        'file',
        fileOf(
          folder,
          'notice.json',
          apart({ ...sampleNotice('third-party-invoice', new Date()), reference: 'to-payment' }),
        ),
        '--json',
      ),
      filedSchema,
    );
    const { surveyor } = await until('waiting for the survey', no, ({ stage }) => stage === 'survey');
    expect(await hotline('report-survey', no, '--on-scene', '--findings', 'as reported')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('role surveyor'),
    });
    expect(await by(surveyor, 'report-survey', no, '--on-scene', '--findings', 'as reported')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('is reported (journal entry'),
    });
    const { handler } = await shown(no);

    expect(
      await hotline('add-document', no, 'drivers-licence', await paperFile('driving-licence')),
    ).toMatchObject({ exitCode: 1, err: expect.stringContaining('they know driving-licence') });
    for (const document of ['driving-licence', 'accident-certificate']) {
      expect(await hotline('add-document', no, document, await paperFile(document))).toMatchObject({
        exitCode: 0,
      });
      expect(await by(handler, 'accept-document', no, document)).toMatchObject({ exitCode: 0 });
    }
    expect(valueOf(await by(handler, 'documents', 'list', no, '--json'))).toMatchObject([
      { document: 'driving-licence', type: 'application/pdf' },
      { document: 'accident-certificate' },
    ]);

    await until('at assessment', no, ({ items }) => items[0]?.stage === 'assess');
    expect(await by(handler, 'assess', no, 'item-1', '4800.123')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('amount'),
    });
    expect(await by(handler, 'assess', no, 'item-9', '4800')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('it has item-1, item-2'),
    });
    expect(valueOf(await by(handler, 'assess', no, 'item-1', '4800', '--json'))).toMatchObject({
      kind: 'recorded',
      seq: expect.any(Number),
    });
    const paid = await until('paid', no, ({ items }) => items[0]?.outcome?.kind === 'paid');
    expect(paid.items[0]).toMatchObject({
      payable: '4800.00',
      payment: { state: 'confirmed', amount: '4800.00' },
    });
    expect(paid.items[1]).toMatchObject({ stage: 'documents' });

    expect(await by('R-501', 'approve', no, 'item-2')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('is at the step "documents"'),
    });
    const promises = (day: string) =>
      by(handler, 'record-call', no, 'third-party', 'busy-will-go-later', '--promised', day);
    expect(await promises('2099-01-05')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/the last possible day is \d{4}-\d\d-\d\d/),
    });
    const inTenDays = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    expect(await promises(inTenDays)).toMatchObject({ exitCode: 0 });
    expect(await by(handler, 'add-note', no, '客户周五下午来')).toMatchObject({ exitCode: 0 });
    expect(await by(handler, 'claims', 'notes', no)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('客户周五下午来'),
    });
    expect(await hotline('withdraw', no)).toMatchObject({ exitCode: 0 });
    await until('closed', no, ({ outcome }) => outcome === 'partly-paid');
    expect(await by(handler, 'assess', no, 'item-2', '3500')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('is closed (partly-paid)'),
    });

    const page = join(folder, 'paid.html');
    expect(await by(handler, 'templates', 'preview', 'paid', '--claim', no, '--out', page)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(
        /^.*paid\.html\nsms, to party-1, .*: 1 segment of UCS-2.*\nemail, to party-1, /,
      ),
    });
    expect(readFileSync(page, 'utf8')).toContain(`案件尾号${no.slice(-5)}`);
    expect(await by(handler, 'templates', 'preview', 'refused', '--claim', no)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('has sent no refused'),
    });

    const journal = await hotline('claims', 'journal', no);
    expect(journal.out).toMatch(new RegExp(`${surveyor} 丁立军 +survey reported, on the scene`));
    expect(journal.out).toMatch(/bank +bank has paid item-1/);
    const entries = valueOf(
      await hotline('claims', 'journal', no, '--json'),
      z.array(z.looseObject({ seq: z.number(), kind: z.string(), hash: z.string() })),
    );
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries[0]?.kind).toBe('claim-opened');

    const archive = join(folder, 'paid.archive');
    expect(await by('A-991', 'claims', 'archive', no, archive)).toMatchObject({ exitCode: 0 });
    expect(await hotline('claims', 'verify', archive)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(
        /signed by A-991 [^]* 2 attachments\.\nIts rules are those of this program\.\nNothing was changed/,
      ),
    });
    const bytes = readFileSync(archive);
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    expect(await hotline('claims', 'verify', fileOf(folder, 'changed.archive', bytes))).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(/WRONG, [a-z-]+: /),
      err: expect.stringContaining('is not as it was signed'),
    });
    const opened = await by(handler, 'claims', 'archive', 'open', archive, '--save-to', folder);
    expect(opened.out).toContain('as reported');
    expect(opened.out).toMatch(/attachment .*driving-licence-\w+\.pdf/);
  }, 90_000);

  test('whoever is unknown is told who is there', async () => {
    expect(await by('Z-1', 'claims', 'list')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^Nobody here has the staff code "Z-1"\. The staff codes are:\n +A-991/),
    });
  });

  test('outside the local stack the token in LIPEI_TOKEN says who acts, until it is revoked', async () => {
    const { id, token } = valueOf(await hotline('tokens', 'issue', 'C-301', '--json'), issued);
    const elsewhere = (): Promise<Ended> =>
      lipei(['work', '--json', '--api', stack().addresses.api], {
        env: { LIPEI_TOKEN: token, LIPEI_DATA: folder },
      });
    expect(await elsewhere()).toMatchObject({ exitCode: 0 });
    expect(await hotline('tokens', 'revoke', id)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('manager'),
    });
    expect(await by('M-601', 'tokens', 'revoke', id)).toMatchObject({ exitCode: 0 });
    expect(await elsewhere()).toMatchObject({ exitCode: 1, err: expect.stringContaining('revoked') });
  });

  test('a list is followed to its end, however small its pages are', async () => {
    const { token } = valueOf(await hotline('tokens', 'issue', 'H-101', '--json'), issued);
    const inPages = await asking(() => ({ url: stack().addresses.api, token })).all({
      path: '/claims?all=true&limit=1',
      answer: z.array(listedSchema),
    });
    const atOnce = valueOf(await hotline('claims', 'list', '--all', '--json'), z.array(listedSchema));
    expect(inPages.length).toBeGreaterThan(2);
    expect(inPages.map(({ claim }) => claim)).toEqual(atOnce.map(({ claim }) => claim));
  });

  test('a list has the given length, and says where it was cut', async () => {
    const all = valueOf(await hotline('claims', 'list', '--all', '--json'), z.array(listedSchema));
    const cut = await hotline('claims', 'list', '--all', '--limit', '2', '--json');
    expect(valueOf(cut)).toEqual(all.slice(0, 2));
    expect(cut.err).toBe('There are more than these 2: --limit 20 shows more, also with --json.\n');
    expect((await hotline('claims', 'list', '--all', '--limit', '2')).out).toMatch(
      /\n2 claims\. Times: .*\nThere are more than these 2: --limit 20 shows more, also with --json\.\n$/,
    );
    expect((await hotline('claims', 'list', '--all', '--limit', String(all.length))).out).not.toContain(
      'There are more',
    );
    expect(await hotline('claims', 'list', '--limit', 'many')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('It should be a whole number'),
    });
    expect((await by('S-201', 'work', '--limit', '1')).out).toContain('There are more than these 1:');
  });
}
