import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NoticeOfLoss, NoticeParty } from '../../domain/claim/notice.ts';
import { copyPolicy, policyCopy, withOwnParties } from '../../local/policy-copies.ts';
import type { LocalStack } from '../support/local-stack.ts';

/** Stands in every personal value, so that a search for it finds any of them. */
export const canary = 'Zeisigkamm';

export const policyholder = {
  role: 'policyholder',
  name: `王晓明 ${canary}`,
  phone: '+8613877770001',
  email: `wang.${canary}@customers.example.test`.toLowerCase(),
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  account: '6222020027770001017',
} satisfies NoticeParty;

export const thirdParty = {
  role: 'third-party',
  name: `Greta ${canary}`,
  phone: '+8613977770002',
  email: `greta.${canary}@customers.example.test`.toLowerCase(),
  locale: 'en',
  timeZone: 'Asia/Shanghai',
  account: '6222020027770002015',
} satisfies NoticeParty;

/** Of all notices of loss here. */
const noticed: NoticeParty[] = [policyholder, thirdParty];

/** Of all notices so far: what must stand nowhere but with the customer's own providers. */
export const personalWords = (): string[] => [
  canary,
  canary.toLowerCase(),
  '王晓明',
  ...noticed.flatMap(({ phone, email, account }) =>
    [phone, phone?.slice(3), email, account].flatMap((word) => word ?? []),
  ),
];

const policy = 'LK25-000101';
let notices = 0;

/** Loads the policies that the notices are of: each has one of its own. */
export const loadPolicies = ({ ownersUrl }: LocalStack): Promise<void> => copyPolicy(ownersUrl, policy, 100);

/** The notice with a policy and parties that no other one has: what belongs together is counted together. */
export function apart(notice: NoticeOfLoss): NoticeOfLoss {
  notices += 1;
  const own = { ...withOwnParties(notice, notices), policy: policyCopy(policy, notices) };
  noticed.push(...own.parties);
  return own;
}

/** A complete notice of loss of a moment ago; a test names only what it is about. */
export const aNotice = (reference: string, change: Partial<NoticeOfLoss> = {}): NoticeOfLoss => ({
  ...apart({
    source: 'system-test',
    reference,
    policy,
    lossAt: new Date(Date.now() - 2 * 3_600_000).toISOString(),
    place: `和平路 8 号 ${canary}`,
    description: `Two cars touched while parking, ${canary}`,
    parties: [policyholder],
    items: [{ object: 'insured-vehicle', party: 'policyholder', claimed: '2400.00' }],
  }),
  ...change,
});

/** As a person has it: a file. Returns its path. */
export function fileOf(directory: string, name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(
    path,
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
  return path;
}
