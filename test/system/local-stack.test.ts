import type { LocalStack } from '../support/local-stack.ts';
import { samplesStand, startLocalStack } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { badInput } from './bad-input.ts';
import { byHand } from './by-hand.ts';
import { clerk } from './clerk.ts';
import { commandLine } from './command-line.ts';
import { health } from './health.ts';
import { imports } from './imports.ts';
import { newcomer } from './newcomer.ts';
import { loadPolicies } from './notices.ts';
import { pages } from './pages.ts';
import { versions } from './versions.ts';
import { restart } from './restart.ts';
import { road } from './road.ts';
import { secrecy } from './secrecy.ts';
import { twoStacks } from './two-stacks.ts';

/**
 * Everything as its users have it: one stack from `bin/lipei up`, and one beside it with other rules. A start
 * takes seconds, so all that follows shares them, in this order; each part files claims of its own.
 */
let stack: LocalStack;
let beside: LocalStack;
beforeAll(async () => {
  [stack, beside] = await Promise.all([
    startLocalStack({ dataDir: temporaryDirectory(), options: ['--pace', 'any-hour'] }),
    startLocalStack({ dataDir: temporaryDirectory(), options: ['--no-samples', '--pace', 'demo'] }),
  ]);
  await Promise.all([samplesStand(stack), loadPolicies(stack), loadPolicies(beside)]);
}, 180_000);
afterAll(async () => void (await Promise.all([stack.stop(), beside.stop()])), 60_000);

describe('two stacks beside each other', () =>
  twoStacks(
    () => stack,
    () => beside,
  ));
describe('the first ten minutes', () => newcomer(() => stack));
describe('the command line', () => commandLine(() => stack));
describe('a clerk at work', () => clerk(() => stack));
describe('the road from notice of loss to payment', () => road(() => stack));
describe('bad input', () => badInput(() => stack));
describe('pages in a browser', () => pages(() => stack));
describe('what is typed into the Temporal UI', () => byHand(() => stack));
describe('personal data', () => secrecy(() => stack));
describe('claims that come as a file', () => imports(() => stack));
describe('releases of workers', () => versions(() => stack));
describe('health', () => health(() => stack));
describe('stopping and starting again', () =>
  restart(
    () => stack,
    (again) => {
      stack = again;
    },
  ));
