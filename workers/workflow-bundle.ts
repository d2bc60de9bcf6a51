import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../security/data-converter.ts';

/** Where the bundler begins. */
export const workflowsPath = join(import.meta.dirname, '..', 'workflows', 'claim.ts');

/**
 * The workflow code as one file's text. Its modules keep no state of their own, so all claims share one copy of them, which the SDK
 * freezes: else each cached claim would hold its own (several hundred kilobytes).
 */
export async function workflowBundle(path = workflowsPath): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath: path, preloadModules: [path], failureConverterPath, logger: new DefaultLogger('ERROR') });
  return code;
}
