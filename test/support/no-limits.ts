import type { RequestLimits } from '../../config/request-limits.ts';

const many = { requests: 1_000_000, seconds: 10 };

/** For tests that are about something else. */
export const noLimits: RequestLimits = {
  person: many,
  filing: many,
  importing: many,
  personal: many,
  open: many,
  webhook: many,
  failed: many,
  decoding: many,
};
