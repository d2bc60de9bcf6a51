/** A moment, ISO 8601 in UTC with milliseconds: `2026-11-23T08:00:00.000Z`. */
export type Instant = string;

/** A day of the calendar where the claim is handled: `2026-11-23`. */
export type LocalDate = string;

const minuteMs = 60_000;

export const msOf = (instant: Instant): number => Date.parse(instant);

export const instantOf = (ms: number): Instant => new Date(ms).toISOString();

export const isInstant = (value: unknown): value is Instant =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value;

/** Checks form and existence: `2026-02-30` is rejected. */
export const isLocalDate = (value: unknown): value is LocalDate =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString().startsWith(value);

export const latest = (...instants: (Instant | undefined)[]): Instant =>
  instantOf(Math.max(...instants.filter((i) => i !== undefined).map(msOf)));

export const isBefore = (a: Instant, b: Instant): boolean => msOf(a) < msOf(b);

export const plusMinutes = (instant: Instant, minutes: number): Instant =>
  instantOf(msOf(instant) + minutes * minuteMs);
