import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { workflowIdOf } from '../domain/ids.ts';
import { temporalCli } from '../local/tools.ts';

/**
 * Sends an update as somebody does who has Temporal's own tools and no token of Lipei: in plaintext and
 * without proof. It isn't
 * waited for the answer, for that is encrypted; what became of it stands in the journal.
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
