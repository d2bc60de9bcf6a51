import { denied, type Denied } from '../denial.ts';
import { actReader, isActName, type ActName } from './acts.ts';
import { openCommand, type Command } from './commands.ts';
import { mayNotSend, type Arrived } from './message.ts';
import { reportReader, type ReportName } from './reports.ts';

/** The command that a message asks for, or the reason why this sender may not ask for it. */
export function commandOf(
  name: ActName | ReportName,
  { message, fields, signer, signedAt }: Arrived,
): Command | Denied {
  const barred = mayNotSend(name, signer);
  if (barred) return barred;
  if (!isActName(name)) {
    const reading = reportReader(name)(fields, name);
    return reading.kind === 'malformed'
      ? denied('malformed', reading.sentence)
      : { ...reading.value, message };
  }
  const reading = actReader(name)(fields, name);
  if (reading.kind === 'malformed') return denied('malformed', reading.sentence);
  if (signer?.kind !== 'staff' || signedAt === undefined) return openCommand(reading.value, message);
  const { kind: _, ...person } = signer;
  return { ...reading.value, person, issuedAt: signedAt, message };
}
