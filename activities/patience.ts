/**
 * How long a moment of a claim waits for a provider. Most answer in some hundred milliseconds. What takes
 * longer continues by itself, because later entries of the journal wait for the moment to end.
 */
export const patience = { ms: 1_000 };

/** The value, or `otherwise` where it takes longer. Work that takes longer continues. */
export async function within<T, U>(ms: number, work: Promise<T>, otherwise: U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<U>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms);
  });
  // A late failure has no reader: the next attempt finds what became of it.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
