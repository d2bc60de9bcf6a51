// `npm ci` runs this to fetch Temporal's programs before their first use.
import { temporalCli, timeSkippingServer } from './tools.ts';

const attempts = await Promise.allSettled([temporalCli(), timeSkippingServer()]);
for (const attempt of attempts) {
  if (attempt.status === 'fulfilled') continue;
  console.error(attempt.reason instanceof Error ? attempt.reason.message : attempt.reason);
  process.exitCode = 1;
}
