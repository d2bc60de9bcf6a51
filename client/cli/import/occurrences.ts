/** Counts how often each hash (hexadecimal) has occurred, for up to `size` hashes, in some 32 bytes each. */
export function occurrences(size: number): (hash: string) => number {
  const place = places(size);
  const counts = new Uint32Array(place.slots);
  return (hash) => {
    const slot = place.of(hash);
    counts[slot] = (counts[slot] ?? 0) + 1;
    return counts[slot] ?? 1;
  };
}

/** Gives the line on which each hash occurred first, for up to `size` hashes, in as many bytes. */
export function firstLines(size: number): (hash: string, line: number) => number {
  const place = places(size);
  const lines = new Uint32Array(place.slots);
  return (hash, line) => {
    const slot = place.of(hash);
    lines[slot] = lines[slot] || line;
    return lines[slot] ?? line;
  };
}

/** A slot for each hash, identified by its first 84 bits: no two rows of a file share them. */
function places(size: number): { slots: number; of(hash: string): number } {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(size, 8) * 2));
  const [keys, rests] = [new Float64Array(slots), new Uint32Array(slots)];
  return {
    slots,
    of(hash) {
      const [key, rest] = [
        Number.parseInt(hash.slice(0, 13), 16) + 1,
        Number.parseInt(hash.slice(13, 21) || '0', 16),
      ];
      let slot = key % slots;
      while (keys[slot] !== 0 && (keys[slot] !== key || rests[slot] !== rest)) slot = (slot + 1) % slots;
      keys[slot] = key;
      rests[slot] = rest;
      return slot;
    },
  };
}
