import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { workflowIdOf } from '../domain/ids.ts';
import { temporalCli } from '../local/tools.ts';

/**
 * Sends an update with Temporal's own tools and without a token of Lipei: in plaintext and without proof. It
 * does not wait for the answer, which is encrypted; the journal has the result.
 */
export async function sendWithoutProof(
  address: string,
  claim: string,
  update: string,
  message: object,
): Promise<void> {
  const args = [
    'workflow',
    'update',
    'start',
    '--wait-for-stage',
    'accepted',
    '--address',
    address,
    '--workflow-id',
    workflowIdOf(claim),
    '--name',
    update,
    '--input',
    JSON.stringify(message),
  ];
  await promisify(execFile)(await temporalCli(), args, { timeout: 20_000 });
}
