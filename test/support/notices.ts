import type { NoticeOfLoss, NoticeParty } from '../../domain/claim/notice.ts';

let references = 0;

/** Marks every personal value, so that a search of histories and logs for it cannot pass by accident. */
export const canary = 'Kanarienvogel';

export const wang: NoticeParty = {
  id: 'wang',
  role: 'policyholder',
  name: `王伟 ${canary}`,
  phone: '+8613800138000',
  email: `wang.${canary}@example.com`.toLowerCase(),
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  account: '6222020050001111',
};
export const li: NoticeParty = {
  id: 'li',
  role: 'third-party',
  name: `Li Na ${canary}`,
  phone: '+8613900139000',
  email: `li.${canary}@example.com`.toLowerCase(),
  locale: 'en',
  timeZone: 'Asia/Shanghai',
  account: '6222020070002222',
};

/** A complete notice of loss; a test names only what it is about. `lossAgo` hours before `now`. */
export function aNotice(change: Partial<NoticeOfLoss> = {}, now = new Date()): NoticeOfLoss {
  references += 1;
  return {
    source: 'hotline',
    reference: `test-${process.pid}-${references}-${Date.now()}`,
    policy: 'P-1',
    lossAt: new Date(now.getTime() - 3 * 3_600_000).toISOString(),
    place: `Heping Road 8, ${canary}`,
    description: `Rear-end collision, ${canary}`,
    parties: [wang, li],
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '2000.00' }],
    ...change,
  };
}

/**
 * Of one source, and with the same number: such pairs are rare, so these were looked for. Each for one test
 * of a file.
 */
export const sameNumber = [
  ['4075638', '5973339'],
  ['3676159', '16852184'],
  ['4140511', '15575871'],
].map((pair) => pair.map((reference) => ({ source: 'collision-test', reference })));
