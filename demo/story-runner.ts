import type { Narration } from './narration.ts';
import { openScene, type Scene } from './scene.ts';
import type { DemoStack } from './stack.ts';
import type { Verdict } from './verdicts.ts';
import { present } from '../domain/present.ts';

/** One claim from notice to closure. `play` throws a sentence at the first wrong result. */
export interface Story {
  name: string;
  /** Its notice of loss, in samples/notices. */
  notice: string;
  /** How the claim should end. */
  ends: string;
  play(scene: Scene): Promise<void>;
}

/** Plays a story to its end or to the first wrong result, and narrates its journal as it grows. */
export async function runStory(story: Story, stack: DemoStack, narration: Narration): Promise<Verdict> {
  const start = Date.now();
  let scene: Scene | undefined;
  let wrong: string | undefined;
  try {
    scene = await openScene(story, stack, narration);
    await story.play(scene);
  } catch (fault) {
    wrong = fault instanceof Error ? fault.message : String(fault);
  }
  await scene?.end();
  if (wrong !== undefined) narration.say(story.name, `✗ ${wrong}`);
  return {
    ...(await finalState(scene)),
    story: story.name,
    expected: story.ends,
    seconds: (Date.now() - start) / 1_000,
    ...present({ wrong }),
  };
}

async function finalState(
  scene: Scene | undefined,
): Promise<Pick<Verdict, 'claim' | 'ended' | 'notifications' | 'entries'>> {
  try {
    if (!scene) return { claim: 'none', ended: 'not filed', notifications: 0, entries: 0 };
    const [claim, journal] = await Promise.all([scene.claim(), scene.journal()]);
    return {
      claim: scene.number,
      ended: claim.outcome ?? `open at ${claim.stage}`,
      notifications: claim.notifications.length,
      entries: journal.length,
    };
  } catch (fault) {
    return {
      claim: scene?.number ?? 'none',
      ended: `unknown: ${fault instanceof Error ? fault.message : String(fault)}`,
      notifications: 0,
      entries: 0,
    };
  }
}
