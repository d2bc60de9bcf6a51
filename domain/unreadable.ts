/** What a payload that the codec could not read decodes to. Handlers refuse it; it must never stick a workflow task. */
export interface Unreadable {
  $lipei: 'unreadable';
  why: 'plaintext' | 'unknown-key' | 'tampered' | 'bound-elsewhere';
}

export const isUnreadable = (value: unknown): value is Unreadable => typeof value === 'object' && value !== null && '$lipei' in value && value.$lipei === 'unreadable';
