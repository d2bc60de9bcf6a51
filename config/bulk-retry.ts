/**
 * How many claims a second go on when many are retried at once: what was just mended should not be overrun. A
 * bank or a provider
 * takes tens of requests a second; each claim has perhaps ten effects waiting.
 */
export const retriesPerSecond = 5;
