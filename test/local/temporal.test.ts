import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { searchAttributes } from '../../config/search-attributes.ts';
import { freePort } from '../../local/processes/ports.ts';
import { startTemporal } from '../../local/servers/temporal.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const thirtyDays = 30 * 24 * 60 * 60;

test('Temporal keeps histories for thirty days and knows our search attributes, at each start', async () => {
  const dataDir = temporaryDirectory();
  const [port, uiPort] = [await freePort(), await freePort()];

  const first = await startTemporal({ dataDir, port, uiPort, headless: true });
  await setRetention(first.address, '1 day');
  await first.stop();
  const second = await startTemporal({ dataDir, port, uiPort });
  const [settings, page] = [await settingsOf(second.address), await fetch(`${second.uiUrl}/api/v1/settings`)];
  await second.stop();

  expect(settings).toEqual({
    retainSeconds: thirtyDays,
    attributes: Object.keys(searchAttributes).toSorted(),
  });
  expect(page.status).toBe(200);
});

test('search attributes are within what a namespace has room for', () => {
  const used = Map.groupBy(Object.entries(searchAttributes), ([, type]) => type);
  for (const [type, attributes] of used)
    expect(attributes.length).toBeLessThanOrEqual(type === 'Keyword' ? 10 : 3);
});

async function settingsOf(address: string) {
  return connected(address, async (connection) => {
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    return {
      retainSeconds: Number(config?.workflowExecutionRetentionTtl?.seconds),
      attributes: Object.keys(customAttributes).toSorted(),
    };
  });
}

async function setRetention(address: string, retention: '1 day'): Promise<void> {
  await connected(address, async (connection) => {
    await connection.workflowService.updateNamespace({
      namespace: 'default',
      config: { workflowExecutionRetentionTtl: msToTs(retention) },
    });
  });
}

async function connected<Result>(
  address: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await Connection.connect({ address });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
