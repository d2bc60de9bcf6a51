import { writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../security/data-converter.ts';
import { workflowsPath } from './workflows-path.ts';

/** Bundles the workflow code into a file. A process of its own: the bundler takes 300 MB that a worker would keep. */
const [, , file] = process.argv;
if (!file) throw new Error('Usage: node workers/bundle.ts FILE');
const { code } = await bundleWorkflowCode({ workflowsPath, failureConverterPath, logger: new DefaultLogger('WARN') });
writeFileSync(file, code);
