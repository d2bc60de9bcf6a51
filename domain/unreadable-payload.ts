/**
 * What a payload decodes to that the codec could not read. Handlers refuse it; it must never stick a workflow
 * task. `plaintext`: never encrypted; `unknown-key`: with a key that this process doesn't have; `tampered`:
 * some bit isn't what it was; `bound-elsewhere`: another workflow's; `unsupported`: ours, but not JSON;
 * `imitation`: it pretends to be the codec's own output.
 */
export interface Unreadable {
  $lipei: 'unreadable';
  why: (typeof reasons)[number];
}

const reasons = [
  'plaintext',
  'unknown-key',
  'tampered',
  'bound-elsewhere',
  'unsupported',
  'imitation',
] as const;

export const isUnreadable = (value: unknown): value is Unreadable =>
  typeof value === 'object' &&
  value !== null &&
  '$lipei' in value &&
  value.$lipei === 'unreadable' &&
  'why' in value &&
  reasons.some((why) => why === value.why);
