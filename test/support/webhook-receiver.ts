import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  /** With the query, as it was posted to. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/**
 * Something that takes what is posted to it. `statuses` are its first answers, 200 after that, all with the
 * same text.
 */
export async function startReceiver(statuses: number[] = [], text = '') {
  const received: Received[] = [];
  const planned = [...statuses];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        url: `${base()}${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(planned.shift() ?? 200).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = (): string => `http://127.0.0.1:${portOf(server.address())}`;
  return {
    url: base(),
    received,
    async next(count: number): Promise<Received[]> {
      for (const started = Date.now(); received.length < count;) {
        if (Date.now() - started > 5_000) throw new Error(`${received.length} of ${count} came`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return received;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const portOf = (address: string | AddressInfo | null): number =>
  typeof address === 'object' && address ? address.port : 0;
