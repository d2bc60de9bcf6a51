import { join } from 'node:path';
import { workflowBundle } from '../workers/workflow-bundle.ts';
import type { Shape } from './turns.ts';

const place = /(['"])the shape goes here\1/g;

/**
 * The code of `bareClaim` as one text, with its shape in it. As an input the shape would make each history
 * longer.
 */
export async function bareBundle(shape: Shape): Promise<string> {
  const code = await workflowBundle(join(import.meta.dirname, 'bare-claim.ts'));
  if (code.match(place)?.length !== 1)
    throw new Error('The bundle of bareClaim has no place for its shape, or several.');
  return code.replace(place, () => JSON.stringify(JSON.stringify(shape)));
}
