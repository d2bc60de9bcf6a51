/**
 * Claims a second in a bulk retry, so that a repaired part is not overloaded. A bank or a provider takes tens
 * of requests a second; each claim has perhaps ten effects waiting.
 */
export const retriesPerSecond = 5;
