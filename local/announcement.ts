import type { StackFile } from './processes/data-directory.ts';

/** Progress is for people, so it stays off standard output, which programs read. */
export function announceProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says that all is ready: to people a table and what to try next, to programs one line of JSON. */
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
  'Open the first address in a browser: it says what this is, and leads to everything else.',
  'In another terminal: bin/lipei staff list says who works here, bin/lipei work --as C-301 what waits for',
  'one of them, bin/lipei --help what people do with claims.',
  'In the Temporal Web UI every claim is a workflow that says whom it waits for.',
  'Ctrl-C stops everything; what happened stays, and is there again at the next start.',
];
