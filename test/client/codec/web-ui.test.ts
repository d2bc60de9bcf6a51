import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import bundledChromium from '@sparticuz/chromium';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { chromium, type Browser, type Page } from 'playwright-core';
import { secretPath } from '../../../client/codec/path.ts';
import { startCodecServer, type CodecServer } from '../../../client/codec/server.ts';
import { projectRoot } from '../../../config/env.ts';
import { freePort } from '../../../local/processes/ports.ts';
import { startTemporal, type LocalTemporal } from '../../../local/servers/temporal.ts';
import { dataConverter } from '../../../security/data-converter.ts';
import { keyringOf } from '../../../security/keyring.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { end, receivedQuery, notify } from '../../security/scratch-workflows.ts';
import { testRoots } from '../../support/test-keyring.ts';

const taskQueue = 'scratch';
const keyring = keyringOf([{ id: 'test', secret: randomBytes(32) }]);
const converter = dataConverter(keyring, { roots: testRoots });
const dataDir = temporaryDirectory();
let codec: CodecServer,
  temporal: LocalTemporal,
  connection: Connection,
  native: NativeConnection,
  client: Client,
  worker: Worker,
  running: Promise<void>,
  browser: Browser,
  page: Page;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } } });
  const uiPort = await freePort();
  codec = await startCodecServer({
    port: await freePort(),
    keyring,
    roots: testRoots,
    uiOrigins: [`http://127.0.0.1:${uiPort}`],
    path: secretPath(dataDir),
  });
  temporal = await startTemporal({ dataDir, port: await freePort(), uiPort, codecEndpoint: codec.endpoint });
  connection = await Connection.connect({ address: temporal.address });
  native = await NativeConnection.connect({ address: temporal.address });
  client = new Client({ connection, dataConverter: converter });
  worker = await Worker.create({
    connection: native,
    taskQueue,
    dataConverter: converter,
    workflowsPath: join(projectRoot, 'test/security/scratch-workflows.ts'),
  });
  running = worker.run();
  // Not the default arguments: without web security a browser sends no Origin, and in a single process the
  // UI's editor sometimes never appears.
  browser = await chromium.launch({
    executablePath: await bundledChromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  page = await browser.newPage();
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser.close();
  worker.shutdown();
  await running;
  await native.close();
  await connection.close();
  await temporal.stop();
  await codec.stop();
});

test('the Web UI shows the notice of a claim, and the input of its forms reaches the claim', async () => {
  await client.workflow.start('scratch', {
    workflowId: 'claim-1',
    taskQueue,
    args: [{ secret: '王小明', runs: 0 }],
  });
  await open('workflows/claim-1');
  await page.getByText('"王小明"').first().waitFor();

  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem').filter({ hasText: 'Signal' }).click();
  const form = page.getByRole('dialog', { name: 'Send a Signal' });
  await form.getByTestId('signal-select-button').click();
  await form.getByRole('option', { name: notify.name }).click();
  await form.getByRole('textbox', { name: 'Data' }).fill('{"text": "到了"}');
  await form.getByTestId('confirm-modal-button').click();

  await receivedBy('claim-1', 2);
  const claim = client.workflow.getHandle('claim-1');
  await claim.signal(end);
  expect(await claim.result()).toEqual([
    { by: 'start', value: '王小明' },
    { by: 'signal', value: { text: '到了' } },
  ]);
});

test('a claim that is started by hand in the Web UI can read what was typed', async () => {
  await open('workflows/start-workflow', { workflowId: 'claim-2', taskQueue, workflowType: 'scratch' });
  const data = page.getByRole('textbox', { name: 'Data' });
  await data.fill('{"secret": "王小明", "runs": 0}');
  await data.blur(); // changes the layout, and the button moves
  await page.getByRole('button', { name: 'Start Workflow' }).click();

  expect(await receivedBy('claim-2', 1)).toEqual([{ by: 'start', value: '王小明' }]);
});

async function open(place: string, query: Record<string, string> = {}): Promise<void> {
  await page.goto(`${temporal.uiUrl}/namespaces/default/${place}?${new URLSearchParams(query)}`, {
    waitUntil: 'domcontentloaded',
  });
}

async function receivedBy(workflowId: string, count: number): Promise<unknown[]> {
  const limit = Date.now() + 15_000;
  for (;;) {
    const received = await client.workflow
      .getHandle(workflowId)
      .query(receivedQuery)
      .catch(() => []);
    if (received.length >= count || Date.now() > limit) return received;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
