import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { claimNumber } from '../../domain/ids.ts';
import { temporalCli } from '../../local/tools.ts';
import { openBrowser } from '../support/browser.ts';
import { atRest, eventually, type LocalStack } from '../support/local-stack.ts';
import { aNotice } from './notices.ts';

const journal = z.array(z.looseObject({ seq: z.number(), kind: z.string() }));

export function byHand(stack: () => LocalStack): void {
  let browser: Browser, page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(30_000);
  }, 60_000);
  afterAll(() => browser.close());

  const visit = (path: string): Promise<unknown> =>
    page.goto(`${stack().addresses.temporalUi}/namespaces/default/${path}`, {
      waitUntil: 'domcontentloaded',
    });
  const entries = async (no: string) =>
    journal.parse(
      await stack()
        .calls('A-991', 'GET', `/claims/${no}/journal`)
        .then(({ body }) => (Array.isArray(body) ? body : [])),
    );

  test('a notice of loss that is started as a workflow opens its claim, under the number that it has on every way', async () => {
    const notice = aNotice('by-hand');
    const no = claimNumber(notice.source, notice.reference);
    await visit(
      `workflows/start-workflow?${new URLSearchParams({ workflowId: 'typed-by-a-manager', taskQueue: 'claims', workflowType: 'claim' })}`,
    );
    await typed(page.getByRole('textbox', { name: 'Data' }), notice);
    await page.getByRole('button', { name: 'Start Workflow' }).click();

    const opened = await eventually(
      'opened',
      () => entries(no),
      (all) => all.some(({ kind }) => kind === 'acknowledged'),
    );
    expect(opened[0]).toMatchObject({ kind: 'claim-opened', number: no, source: notice.source });
    expect(await stack().calls('H-101', 'POST', '/claims', notice)).toMatchObject({
      status: 200,
      body: { kind: 'already-filed', claim: no },
    });
  });

  test('a decision that is typed without proof is refused, with the reason in the journal, and decides nothing', async () => {
    const no = claimNumber('system-test', 'by-hand');
    const state = await atRest(stack(), no);
    const before = await entries(no);
    await visit(`workflows/claim-${no}`);
    await page.getByRole('button', { name: 'More Actions' }).click();
    await page.getByRole('menuitem').filter({ hasText: 'Update' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send an Update' });
    await dialog.getByTestId('update-select-button').click();
    await dialog.getByRole('option', { name: /^assess / }).click();
    await typed(dialog.getByRole('textbox', { name: 'Data' }), {
      id: 'typed-1',
      item: 'item-1',
      amountMinor: 100,
    });
    await dialog.getByTestId('confirm-modal-button').click();

    const after = await eventually(
      'journalled',
      () => entries(no),
      (all) => all.length > before.length,
    );
    expect(after.slice(before.length)).toMatchObject([
      { kind: 'message-denied', denial: { message: 'assess', reason: 'no-proof' } },
    ]);
    expect(await atRest(stack(), no)).toEqual(state);
  });

  test('what reaches a claim past the codec, or is no message at all, is refused and journalled, and the claim goes on', async () => {
    const no = claimNumber('system-test', 'by-hand');
    const before = await entries(no);
    await temporal(
      'signal',
      '--workflow-id',
      `claim-${no}`,
      '--name',
      'document-arrived',
      '--input',
      '{"id": "plain-1", "document": "driving-licence", "attachment": "abc"}',
    );
    await temporal('signal', '--workflow-id', `claim-${no}`, '--name', 'document-arrived');

    const after = await eventually(
      'both journalled',
      () => entries(no),
      (all) => all.length >= before.length + 2,
    );
    expect(after.slice(before.length)).toMatchObject(
      ['unreadable', 'malformed'].map((reason) => ({
        kind: 'message-denied',
        denial: { message: 'document-arrived', reason },
      })),
    );
    expect(await stack().asks('add-note', no, 'goes on')).toMatchObject({ kind: 'recorded' });
  });

  test('a start that is no notice of loss opens nothing, and takes no claim its number', async () => {
    const notice = aNotice('mistyped first');
    const no = claimNumber(notice.source, notice.reference);
    await temporal(
      'start',
      '--type',
      'claim',
      '--task-queue',
      'claims',
      '--workflow-id',
      `claim-${no}`,
      '--input',
      '{"source": "in plaintext"}',
    );
    const refused = await eventually(
      'not opened',
      () => stack().calls('H-101', 'GET', `/claims/${no}`),
      ({ status }) => status === 404,
    );
    expect(refused.body).toMatchObject({
      detail: expect.stringContaining('its notice of loss was not taken'),
    });
    expect(await stack().calls('H-101', 'POST', '/claims', notice)).toMatchObject({
      status: 201,
      body: { kind: 'filed', claim: no },
    });
    expect(await atRest(stack(), no)).toMatchObject({ claim: no, outcome: null });
  });

  /** As somebody with Temporal's own command line, who knows nothing of the codec. */
  const temporal = async (command: string, ...args: string[]): Promise<unknown> =>
    promisify(execFile)(await temporalCli(), [
      'workflow',
      command,
      '--address',
      stack().addresses.temporalAddress,
      ...args,
    ]);
}

/** When it is left the field sets the JSON in lines, and what is below it moves away from under the mouse. */
async function typed(field: Locator, value: object): Promise<void> {
  await field.fill(JSON.stringify(value));
  await field.blur();
}
