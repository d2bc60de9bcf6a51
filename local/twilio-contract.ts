import { readFileSync } from 'node:fs';
import { calls } from './sms/contract.ts';
import { compare } from './sms/openapi.ts';

/**
 * `npm run twilio-contract -- PATH` compares our contract with Twilio's OpenAPI document
 * (twilio_api_v2010.json, from github.com/twilio/twilio-oai).
 */
function main([path]: string[]): number {
  if (!path) {
    console.error(
      "The path of Twilio's OpenAPI document is missing: npm run twilio-contract -- twilio_api_v2010.json",
    );
    return 2;
  }
  const { compared, differences } = compare(calls, JSON.parse(readFileSync(path, 'utf8')));
  for (const difference of differences) console.log(difference);
  console.log(
    differences.length === 0
      ? `${compared} fields were compared, and none differs.`
      : `${differences.length} differences in ${compared} fields.`,
  );
  return differences.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
