import { controls } from './controls.ts';
import { doors } from './doors.ts';
import { edits } from './edits.ts';
import { forged } from './forged.ts';
import { repeated } from './repeated.ts';
import { table } from './table.ts';
import { lies } from './lies.ts';
import { resumes } from './resumes.ts';
import { resets } from './resets.ts';
import { openGround, type Ground } from './ground.ts';

/**
 * Who may make a claim believe what: from every door, on the real stack. A start takes seconds, so all that
 * follows shares one; each test has claims of its own.
 */
let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
}, 120_000);
afterAll(() => ground.close(), 60_000);

describe('forged, tampered and half-finished messages', () => forged(() => ground));
describe('repeated, stale and contradictory messages', () => repeated(() => ground));
describe('each door', () => doors(() => ground));
describe('who may send each message', () => table(() => ground));
describe('separate hands, and what belongs together', () => controls(() => ground));
describe('claims that were lost, and records that were restored', () => resumes(() => ground));
describe('a database writer past every trigger', () => edits(() => ground));
describe('workflows that are reset', () => resets(() => ground));
describe('a second worker that lies', () => lies(() => ground));
