// Fetches Temporal's programs ahead of their first use: `npm ci` runs it.
import { temporalCli, timeSkippingServer } from './tools.ts';

const attempts = await Promise.allSettled([temporalCli(), timeSkippingServer()]);
for (const attempt of attempts) {
  if (attempt.status === 'fulfilled') continue;
  console.error(attempt.reason instanceof Error ? attempt.reason.message : attempt.reason);
  process.exitCode = 1;
}
