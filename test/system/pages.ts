import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { describedMessage } from '../../domain/claim/senders.ts';
import { openBrowser } from '../support/browser.ts';
import { eventually, type LocalStack } from '../support/local-stack.ts';
import { policyholder } from './notices.ts';

/** For people to look at: how it all reads is more than a test can say. */
const pictures = join(tmpdir(), 'lipei-pages');

const claims = z.array(z.looseObject({ claim: z.string(), stage: z.string(), handler: z.string() }));

export function pages(stack: () => LocalStack): void {
  let browser: Browser, page: Page, open: z.infer<typeof claims>[number], closed: string;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(30_000);
    const all = claims.parse(await stack().asks('claims', 'list', '--all'));
    const longkou = all.filter(({ handler }) => ['C-301', 'C-302'].includes(handler));
    open = longkou.find(({ stage }) => stage === 'survey') ?? { claim: '', stage: '', handler: '' };
    closed = all.find(({ stage }) => stage === 'closed')?.claim ?? '';
  }, 60_000);
  afterAll(() => browser.close());

  const look = (name: string): Promise<unknown> => page.screenshot({ path: join(pictures, `${name}.png`) });
  const visit = (path: string): Promise<unknown> =>
    page.goto(`${stack().addresses.temporalUi}/namespaces/default/${path}`, {
      waitUntil: 'domcontentloaded',
    });
  const tab = (name: string): Promise<void> => page.locator(`a[href*="/${name}"]`).first().click();

  test('the list of the Temporal UI shows the claims at a stage', async () => {
    await visit(`workflows?query=${encodeURIComponent('ClaimStage="survey"')}`);
    await page.getByRole('link', { name: `claim-${open.claim}` }).waitFor();
    await look('list');
    expect(await page.getByRole('link', { name: `claim-${closed}` }).count()).toBe(0);
    expect(await page.locator('main').innerText()).toMatch(
      /\d+\s+Workflows?[\s\S]+ClaimStage\s*=\s*"survey"/,
    );
  });

  test('every search attribute can be filtered by', async () => {
    const connection = await Connection.connect({ address: stack().addresses.temporalAddress });
    const now = new Date().toISOString();
    const wishes = [
      'ClaimStage = "survey"',
      'ClaimLine = "motor"',
      `ClaimHandler = "${open.handler}"`,
      'ClaimUrgency = "priority"',
      'ClaimBranch = "longkou"',
      'ClaimProblem IS NULL',
      'ClaimWaitingOn = "police"',
      'ClaimMissingDocuments = "repair-invoice"',
      `ClaimNextActionAt > "${now}"`,
      `ClaimStageSince < "${now}"`,
      'ClaimAmount >= 38000000',
      'ClaimNeedsReview = false',
    ];
    const counts = await Promise.all(
      wishes.map(
        async (query) =>
          `${query}: ${(await connection.workflowService.countWorkflowExecutions({ namespace: 'default', query: `WorkflowType = "claim" AND ExecutionStatus = "Running" AND ${query}` })).count}`,
      ),
    );
    await connection.close();
    expect(counts.filter((found) => found.endsWith(': 0'))).toEqual([]);
    expect(counts).toEqual(
      expect.arrayContaining(['ClaimUrgency = "priority": 1', 'ClaimAmount >= 38000000: 1']),
    );
  });

  test('a claim’s page shows the notice, the past and the next steps in plain words', async () => {
    await visit(`workflows/claim-${open.claim}`);
    await page.getByText(`"policy"`).first().waitFor();
    const timeline = await eventually(
      'the timeline',
      () => page.locator('body').innerText(),
      (text) => /keep the notice of loss and acknowledge it/.test(text) && /escalate/.test(text),
    );
    await look('claim');
    expect(timeline).toMatch(/"policy":\s*"LK25-/);
    expect(timeline).toMatch(/escalate[^\n]*survey/);
  });

  test('User Metadata says what the claim waits for, since when, and what happens next and when', async () => {
    await tab('user-metadata');
    const text = await eventually(
      'summary and details',
      () => inFrames(page),
      (shown) => shown.includes('waiting on') && shown.includes('motor claim'),
    );
    await look('user-metadata');
    expect(text).toMatch(/motor claim, longkou, \d items?, claimed CNY \d+\.\d\d/);
    expect(text).toMatch(
      new RegExp(`survey since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d · handler ${open.handler}`),
    );
    expect(text).toMatch(/waiting on\s+for\s+since\s+next\s+when/);
    expect(text).toMatch(/surveyor\s+survey\s+\d{4}-\d\d-\d\d \d\d:\d\d\s+escalate/);
    expect(text).toMatch(/customer\s+driving-licence[\s\S]+police\s+police-determination[\s\S]+not before/);
    expect(text).toMatch(/item-1 [a-z-]+: [\s\S]*lacks driving-licence/);
  });

  test('the search attributes hold codes, enums, dates and numbers', async () => {
    await tab('search-attributes');
    const text = await eventually(
      'the attributes',
      () => page.locator('main').innerText(),
      (shown) => shown.includes('ClaimStageSince'),
    );
    await look('search-attributes');
    for (const name of [
      'ClaimStage',
      'ClaimLine',
      'ClaimHandler',
      'ClaimUrgency',
      'ClaimBranch',
      'ClaimWaitingOn',
      'ClaimMissingDocuments',
      'ClaimNextActionAt',
      'ClaimStageSince',
      'ClaimAmount',
      'ClaimNeedsReview',
    ])
      expect(text).toContain(`"${name}":`);
    expect(text).toMatch(
      /"ClaimWaitingOn": \[\s*"customer",\s*"police",\s*"surveyor"|"ClaimWaitingOn": \[[^\]]*"surveyor"/,
    );
  });

  test('the pickers of signals and updates say what each message is for', async () => {
    await page.getByRole('button', { name: 'More Actions' }).click();
    await page.getByRole('menuitem').filter({ hasText: 'Update' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send an Update' });
    await dialog.getByTestId('update-select-button').click();
    await dialog.getByRole('option').first().waitFor();
    const updates = await dialog.getByRole('option').allInnerTexts();
    await look('updates');
    expect(updates).toContain(`assess\n${describedMessage('assess')}`);
    expect(
      updates
        .filter((option) => option !== 'Custom')
        .every((option) => /^[a-z-]+\n[A-Z].{10,}$/.test(option)),
    ).toBe(true);

    await visit(`workflows/claim-${open.claim}`);
    await page.getByRole('button', { name: 'More Actions' }).click();
    await page.getByRole('menuitem').filter({ hasText: 'Signal' }).click();
    const signals = page.getByRole('dialog', { name: 'Send a Signal' });
    await signals.getByTestId('signal-select-button').click();
    await signals.getByRole('option').first().waitFor();
    expect((await signals.getByRole('option').allInnerTexts()).join('\n')).toContain(
      'document-arrived\nA document has arrived',
    );
  });

  test('a telephone shows what the customer was told by SMS, each message delivered', async () => {
    await page.goto(stack().addresses.sms);
    const phone = page.getByRole('region', { name: 'Telephone +86 138 7777 0001' });
    await phone.waitFor();
    await look('telephones');
    const text = await phone.innerText();
    expect(text).toContain(closed.slice(-5));
    const notified = [
      '您的报案我们已经受理',
      '查勘员会与您联系',
      '的资料已于',
      '的损失已经核定',
      '的赔款已经支付',
    ].map((words) => text.indexOf(words));
    expect(notified).not.toContain(-1);
    expect(notified).toEqual(notified.toSorted((a, b) => a - b));
    for (const words of ['请准备：驾驶证', '的赔付已经审核通过', '的理赔案件已经结案'])
      expect(text).toContain(words);
    expect(text).not.toMatch(/undelivered|\{\{|undefined|null/);
  });

  test('the inbox shows the customer’s emails, and one reads as a letter with the number of the claim', async () => {
    await page.goto(stack().addresses.mail);
    const mail = page.getByText(`案件 ${closed}：赔款已经支付`).first();
    await mail.waitFor();
    await look('inbox');
    await mail.click();
    const letter = await eventually(
      'the letter',
      () => inFrames(page),
      (text) => text.includes(`案件 ${closed}`),
    );
    await look('mail');
    expect(letter).toContain(`${policyholder.name}，您好`);
    expect(letter).toContain('¥2,400.00');
  });
}

/**
 * What a page shows in pages within it, which is where the Temporal UI puts Markdown and the inbox a letter.
 */
const inFrames = async (page: Page): Promise<string> =>
  (
    await Promise.all(
      page
        .frames()
        .slice(1)
        .map((frame) =>
          frame
            .locator('body')
            .innerText()
            .catch(() => ''),
        ),
    )
  ).join('\n');
