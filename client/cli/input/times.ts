/** `2026-11-23 16:00`, in the terminal's time zone; with seconds within ten minutes of now. */
export function localTime(instant: string, now = Date.now()): string {
  const date = new Date(instant);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  const near = Math.abs(date.getTime() - now) < 10 * minute;
  const clock = [date.getHours(), date.getMinutes(), ...(near ? [date.getSeconds()] : [])]
    .map(twoDigits)
    .join(':');
  return `${day} ${clock}`;
}

/** The time zone of the times above it: `Times: Asia/Shanghai, UTC+08:00.` */
export function zoneLine(now = new Date()): string {
  const zone = new Intl.DateTimeFormat('en').resolvedOptions().timeZone;
  return `Times: ${zone === 'UTC' ? '' : `${zone}, `}UTC${offset(now)}.`;
}

/** `2026-11-23 16:00 UTC+08:00`, for a time without `zoneLine`. */
export const zonedTime = (instant: string): string => `${localTime(instant)} UTC${offset(new Date(instant))}`;

function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  const clock = [Math.floor(size / 60), size % 60].map(twoDigits).join(':');
  return minutes === 0 ? '' : `${minutes < 0 ? '-' : '+'}${clock}`;
}

/** `3 d`, `5 h`, `12 min`, `8 s`: how long something lasts. */
export function howLong(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 2 * day) return `${Math.floor(size / day)} d`;
  if (size >= 2 * hour) return `${Math.floor(size / hour)} h`;
  return size >= 2 * minute ? `${Math.floor(size / minute)} min` : `${Math.round(size / second)} s`;
}

export const since = (instant: string, now = Date.now()): string => howLong(now - Date.parse(instant));

/** The due time, and the delay after it. */
export function dueTime(instant: string, now = Date.now()): string {
  const late = now - Date.parse(instant);
  return late > second ? `${localTime(instant, now)}, ${howLong(late)} late` : localTime(instant, now);
}

/**
 * An instant in UTC from a typed time: with an offset, or in the terminal's time zone. Undefined for any
 * other text.
 */
export function instantFrom(written: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)$/.exec(
    written,
  );
  const date = new Date(written.replace(' ', 'T'));
  if (!match || Number.isNaN(date.getTime()) || !exists(match[1] ?? '')) return undefined;
  return date.toISOString();
}

/** JavaScript reads 30 February as 2 March. */
const exists = (written: string): boolean =>
  new Date(`${written}T00:00:00Z`).toISOString().startsWith(written);

const twoDigits = (part: number): string => String(part).padStart(2, '0');

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
