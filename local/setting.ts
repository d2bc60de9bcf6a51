import { environmentWith, readEnv, type Env } from '../config/env.ts';
import { houseRules } from '../config/rules/load.ts';
import { portNames, portsFrom, usualPortBase, type PortName, type Ports } from './processes/ports.ts';

export interface UpOptions {
  dataDir?: string;
  portBase?: number;
  pace?: string;
  samples?: boolean;
  json?: boolean;
}

/** What the parts start with. `settings` are for the worker and the API, beside the environment. */
export interface Setting {
  env: Env;
  ports: Ports;
  dataDir: string;
  settings: Record<string, string>;
}

export function settingFor({ dataDir: asked, portBase = usualPortBase, pace }: UpOptions): Setting {
  const ports = portsFrom(portBase);
  const settings: Record<string, string> = { API_PORT: String(ports.api), CODEC_PORT: String(ports.codec) };
  if (asked) settings.LIPEI_DATA = asked;
  if (pace) settings.LIPEI_PACE = pace;
  const env = readEnv(environmentWith(settings));
  if (env.production) throw new Error(onlyOneMachine);
  houseRules.inForce(env.pace); // a mistake in the rules stops the start
  settings.LIPEI_DATA = env.dataDirectory;
  settings.PUBLIC_URL = env.api.publicUrl;
  return { env, ports, dataDir: env.dataDirectory, settings };
}

/** It would run stand-ins, load sample people, and make keys. */
const onlyOneMachine =
  'LIPEI_PRODUCTION is true, and this command runs Lipei with stand-ins and samples on one machine. ' +
  'In production start each program by itself (docs/runbook.md).';

/** The ports of the parts that the environment does not name. */
export function portsNeeded({ databaseUrl, temporal, mail, twilio, bank, policySource }: Env): PortName[] {
  const elsewhere: Partial<Record<PortName, unknown>> = {
    temporal,
    temporalUi: temporal,
    codec: temporal,
    postgres: databaseUrl,
    smtp: mail,
    mailbox: mail,
    inboundMail: mail,
    sms: twilio,
    bank,
    policySource,
  };
  return portNames.filter((name) => elsewhere[name] === undefined);
}
