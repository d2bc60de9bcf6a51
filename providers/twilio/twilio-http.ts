import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';

import { fieldOf } from '../fault-field.ts';
import { providerUrl } from '../provider-url.ts';

/**
 * Sends Twilio's requests, to another base URL if there is one. Each request has its own connection. On a
 * kept connection that Twilio has just closed, a message that was never sent would be `unknown`.
 */
export class TwilioHttp extends twilio.RequestClient {
  readonly #base: URL | undefined;

  constructor(timeout: number, base?: string) {
    super({ timeout, keepAlive: false });
    this.#base = base === undefined ? undefined : providerUrl(base);
  }

  override async request<T>(options: RequestClient.RequestOptions<T>) {
    const answer = await super.request<T>({ ...options, uri: this.#addressOf(options.uri) });
    if (answer.statusCode === 429) throw new Throttled(answer.headers);
    return answer;
  }

  #addressOf(uri: string): string {
    if (!this.#base) return uri;
    const url = new URL(uri);
    url.protocol = this.#base.protocol;
    url.host = this.#base.host;
    return url.href;
  }
}

/**
 * Twilio never processes a request with status 429. Twilio's own exception lacks the header with the delay.
 */
export class Throttled extends Error {
  readonly code = 20429;
  readonly wait: { retryAfterSeconds?: number };

  constructor(headers: unknown) {
    super('Twilio has too many requests');
    const seconds = Number(fieldOf(headers, 'retry-after') ?? NaN);
    this.wait = Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {};
  }
}
