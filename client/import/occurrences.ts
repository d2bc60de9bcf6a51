/**
 * Counts how often each hash (hexadecimal) has come, for up to `size` of them, in 24 bytes for each and no more. It knows a hash by its
 * first 52 bits: two that share them share a count, which is no harm, for the count of a file's row is the same each time.
 */
export function occurrences(size: number): (hash: string) => number {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(size, 8) * 2));
  const [keys, counts] = [new Float64Array(slots), new Uint32Array(slots)];
  return (hash) => {
    const key = Number.parseInt(hash.slice(0, 13), 16) + 1;
    let slot = key % slots;
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) % slots;
    keys[slot] = key;
    counts[slot] = (counts[slot] ?? 0) + 1;
    return counts[slot] ?? 1;
  };
}
