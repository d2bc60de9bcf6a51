import type { ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import type { Finding } from '../own-api/schemas/record-checks.ts';

type Kind = Finding['kind'];

/** What to do about a finding; the runbook has the steps ("The check finds something"). */
const next: Record<Kind, string> = {
  changed: 'Put back the rows as the last backup has them, and find out who writes to the database.',
  missing: 'Put back the rows as the last backup has them, and find out who writes to the database.',
  forged: 'Nobody may act on it: put back the journal as the last backup has it, then resume the claim.',
  cut: 'Put back the rows from the last backup or the history in Temporal, then resume the claim.',
  deleted: 'Put back the journal from the last backup or the history in Temporal, and rebuild the claim.',
  'not running': 'Resume the claim from its journal: bin/lipei claims resume.',
  'read model': 'Make it again from the journal: bin/lipei records rebuild.',
  authority:
    'Look at what changed (bin/lipei staff history, bin/lipei policies history), have it decided again, ' +
    'and find out who writes to the database.',
  anchors:
    'Put back the file from a copy. If there is none, check everything: bin/lipei records check --all.',
  unchecked: 'Repair what is named, and check again.',
};

/** `entry`: the first one that is wrong. */
export const finding = (
  kind: Kind,
  of: { claim?: ClaimNumber; entry?: number | undefined },
  what: string,
): Finding => ({ kind, ...present({ claim: of.claim, entry: of.entry }), what, next: next[kind] });
