import { join } from 'node:path';

/** Where the bundler begins. */
export const workflowsPath = join(import.meta.dirname, '..', 'workflows', 'claim.ts');
