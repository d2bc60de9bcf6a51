import { acts, type ActName } from '../../../domain/claim/acts.ts';
import type { Cli } from '../command-action.ts';
import { paramsOf, type Param } from './params.ts';

/** The result of an act: the API's answer, and words for the sentence about it. */
export interface Sent {
  value: { kind: string; seq?: number; messages?: object[] };
  /** Values for the braces of the sentence, beside the typed ones. */
  words?: Record<string, string | undefined>;
  /** Instead of the act's own sentence. */
  text?: string;
}

type Given = Record<string, unknown>;

/** How a command differs from its act: other values, a check, or more than one request. */
export interface Extra {
  params?(): Param[];
  /** Throws a Stop before any request. */
  check?(given: Given): void;
  send?(cli: Cli, claim: string, given: Given): Promise<Sent>;
}

/** The named fields of an act as typed values. */
export const fieldsOf = (name: ActName, ...names: string[]): Param[] =>
  paramsOf(acts[name].fields).filter((param) => names.includes(param.name));
