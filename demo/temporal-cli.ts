import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { workflowIdOf } from '../domain/ids.ts';
import { temporalCli } from '../local/tools.ts';

/**
 * Sends an update with Temporal's own tools and without a token of Lipei: in plaintext and without proof. The
 * claim answers with a failure, which is encrypted; the journal says why.
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
    'execute',
    '--address',
    address,
    '--workflow-id',
    workflowIdOf(claim),
    '--name',
    update,
    '--input',
    JSON.stringify(message),
  ];
  const isTaken = await promisify(execFile)(await temporalCli(), args, { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
  if (isTaken) throw new Error(`The claim took "${update}", which nobody signed.`);
}
