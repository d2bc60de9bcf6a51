import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { filedSchema } from '../../client/own-api/schemas/claims.ts';
import { staffSchema } from '../../client/own-api/schemas/staff.ts';
import { projectRoot } from '../../config/env.ts';
import { samplePeople } from '../../local/sample-company.ts';
import { openBrowser } from '../support/browser.ts';
import { valueOf, type Ended } from '../support/lipei.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { fileOf } from './notices.ts';

/** Whose work comes at once; the others get what has stood still for days, or nothing. */
const working = ['surveyor', 'handler', 'verifier', 'reviewer', 'operations'];
const branches = ['longkou', 'penglai', 'washington'];

export function newcomer(stack: () => LocalStack): void {
  const people = samplePeople();
  const by = (who: string, ...words: string[]): Promise<Ended> => stack().types(...words, '--as', who);
  const worksOf = async (code: string): Promise<unknown[]> =>
    z.array(z.unknown()).parse((await stack().calls(code, 'GET', '/work')).body);

  test('everybody of the samples who can have work at once has some', async () => {
    const workers = people.filter(
      ({ roles, unit, absences, leavesOn }) =>
        branches.includes(unit) &&
        absences.length === 0 &&
        leavesOn === undefined &&
        roles.some((role) => working.includes(role)),
    );
    const idle = await Promise.all(
      workers.map(async ({ code }) => ((await worksOf(code)).length === 0 ? [code] : [])),
    );
    expect(workers.length).toBeGreaterThan(12);
    expect(idle.flat()).toEqual([]);
  });

  test('staff are listed with their names, and with as many things as their own lists hold', async () => {
    const listed = z.array(staffSchema).parse(await stack().asks('staff', 'list'));
    expect(listed.map(({ code, name }) => [code, name])).toEqual(
      people.map(({ code, name }) => [code, name]).toSorted(),
    );
    const there = people.filter(({ leavesOn }) => leavesOn === undefined);
    const counted = await Promise.all(
      there.map(async ({ code }): Promise<[string, number]> => [code, (await worksOf(code)).length]),
    );
    const waiting = Object.fromEntries(listed.map((each) => [each.code, each.waiting]));
    expect(Object.fromEntries(there.map(({ code }) => [code, waiting[code]]))).toEqual(
      Object.fromEntries(counted),
    );
    expect((await stack().types('staff', 'list')).out).toMatch(
      /\nC-301 +郭丽娜 +handler +longkou 龙口支公司 +C-302 韩志远 +\d/,
    );
  });

  test('the list of work has the person to call, their text, the document and the next command', async () => {
    const handler = await by('C-301', 'work');
    expect(handler.out).toMatch(/call policyholder 王海涛 \+8613800000101/);
    expect(handler.out).toMatch(/“交警说认定书下周才能出/);
    expect(handler.out).toMatch(/accept-document L[\w-]+ driving-licence --as C-301/);
    expect(handler.out).toMatch(/to do for C-301 郭丽娜\. Times: .*UTC/);
    expect((await by('O-951', 'work')).out).toMatch(/letters save L[\w-]+ refused-1-letter letter\.pdf/);
    expect((await by('U-901', 'work')).out).toBe(
      'Nothing waits for U-901 毕建国. You get appeals, documents that came after closing, and tasks that others have not done for too long.\n',
    );
  });

  test('names stand beside codes on a claim’s page, in its journal and in denials', async () => {
    const { claim } = filedSample('large-loss');
    expect((await stack().types('claims', 'show', claim)).out).toMatch(
      /Handler C-302 韩志远, surveyor S-201 丁立军/,
    );
    expect((await stack().types('claims', 'journal', claim)).out).toMatch(/R-502 曲云 +item-1 approved/);
    expect(await by('V-401', 'approve', claim, 'item-1')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('V-401 石磊'),
    });
  });

  test('the preview of a refusal quotes the special term of the policy', async () => {
    const { claim } = filedSample('penglai-flood');
    const words = ['--clause', 'excluded-cause', '--reason', 'special-term', '--preview'];
    const { out } = await by('R-503', 'refuse', claim, 'item-1', ...words);
    expect(out).toMatch(/特别约定第3条：.*暴雨、洪水、内涝/);
  });

  test('a person whom nobody knows is answered with who is there, and a name with its code', async () => {
    expect((await by('Z-1', 'work')).err).toMatch(
      /^Nobody here has the staff code "Z-1"\. The staff codes are:\n {2}A-991 +解正 +auditor \(head\)\n/,
    );
    expect((await by('郭丽娜', 'work')).err).toBe('--as takes a staff code: 郭丽娜 has C-301.\n');
    expect(await stack().types('claims', 'list', '--handler', 'C-399')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^Nobody has the staff code "C-399"\. .*\n {2}C-301 +郭丽娜/),
    });
    expect(await stack().calls('H-101', 'GET', '/claims?handler=C-399')).toMatchObject({
      status: 422,
      body: { field: 'handler' },
    });
  });

  test('the example of a notice can be filed as it is printed', async () => {
    const example = await stack().types('claims', 'file', '--example');
    const file = fileOf(temporaryDirectory(), 'notice.json', JSON.parse(example.out));
    expect(valueOf(await stack().types('claims', 'file', file, '--json'), filedSchema).kind).toBe('filed');
  });

  test('a kind of document is guessed from a slip and from its Chinese name', async () => {
    const { claim } = filedSample('silent-surveyor');
    const licence = join(projectRoot, 'samples', 'attachments', 'licence.jpg');
    for (const slip of ['driving-license', '驾驶证'])
      expect(await stack().types('add-document', claim, slip, licence)).toMatchObject({
        exitCode: 1,
        err: expect.stringContaining('did you mean driving-licence?'),
      });
  });

  describe('the address of the API', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser();
    }, 60_000);
    afterAll(() => browser.close());

    test.each([390, 1280])(
      'is a page of %i pixels that leads to everything else',
      async (width) => {
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        await page.goto(stack().addresses.api);
        expect(await page.title()).toBe('Lipei 理赔');
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        const links = await page.locator('a').evaluateAll((all) => all.map((a) => String(a)));
        const { temporalUi, mail, sms, api } = stack().addresses;
        const there = links.map((link) => link.replace(/\/$/, ''));
        expect(there).toEqual(expect.arrayContaining([temporalUi, mail, sms, `${api}/openapi.json`]));
        const answers = await Promise.all(
          links.map(async (link) => (await fetch(link, { headers: { accept: 'text/html' } })).status),
        );
        expect(answers.every((status) => status === 200)).toBe(true);
        expect(await page.locator('code').allInnerTexts()).toContain(
          `bin/lipei claims show ${filedSample('large-loss').claim} --data ${stack().dataDir}`,
        );
        await page.close();
      },
      60_000,
    );

    test('answers programs in JSON', async () => {
      expect(await stack().calls(undefined, 'GET', '/')).toMatchObject({
        status: 200,
        type: expect.stringContaining('application/json'),
        body: { name: 'Lipei', openapi: '/openapi.json', temporalUi: stack().addresses.temporalUi },
      });
    });
  });

  function filedSample(name: string): { claim: string } {
    const claims = z
      .record(z.string(), z.string())
      .parse(JSON.parse(readFileSync(join(stack().dataDir, 'samples-filed.json'), 'utf8')));
    return { claim: claims[name] ?? '' };
  }
}
