import { writeFileSync } from 'node:fs';
import { workflowBundle } from './workflow-bundle.ts';

/**
 * Bundles the workflow code into a file. It is a process of its own: the bundler takes 300 MB, which a worker
 * would keep.
 */
const [, , file] = process.argv;
if (!file) throw new Error('Usage: node workers/bundle.ts FILE');
writeFileSync(file, await workflowBundle());
