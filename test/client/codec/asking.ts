import { request } from 'node:http';

export type Asking = { method?: string; url: string; headers?: Record<string, string>; body?: string };
export type Answered = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** Not `fetch`, because that sets Host itself. */
export function ask({
  method = 'POST',
  url,
  headers = {},
  body = '{"payloads":[]}',
}: Asking): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(pieces).toString(),
        }),
      );
    });
    asking.on('error', reject);
    asking.end(method === 'POST' ? body : undefined);
  });
}
