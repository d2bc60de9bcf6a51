import type { StackFile } from './processes/data-directory.ts';

/** Progress is for people. Standard output is for programs. */
export function announceProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Announces that the stack is ready: to people by a table and next steps, to programs by one line of JSON.
 */
export function announce(stack: StackFile, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(forPrograms(stack))}\n` : forPeople(stack));
}

function forPrograms({ api, temporalUi, temporalAddress, mail, sms, databaseUrl }: StackFile) {
  return { ready: true, api, temporalUi, temporalAddress, mail, sms, databaseUrl };
}

function forPeople({ api, temporalUi, mail, sms, bank }: StackFile): string {
  const places = Object.entries({
    API: api,
    'Temporal Web UI': temporalUi,
    'Emails sent': mail,
    'SMS sent': sms,
    'Payments made': bank,
  });
  const rows = places.filter(([, url]) => url !== null).map(([name, url]) => `  ${name.padEnd(17)}${url}`);
  return ['', 'Lipei is ready.', '', ...rows, '', ...next, ''].join('\n');
}

const next = [
  'Open the first address in a browser: it explains Lipei and has links to everything else.',
  'In another terminal: bin/lipei staff list shows the staff, bin/lipei work --as C-301 the tasks of one',
  'of them, bin/lipei --help all commands.',
  'In the Temporal Web UI every claim is a workflow that shows what it waits for.',
  'Ctrl-C stops everything; all data are kept for the next start.',
];
