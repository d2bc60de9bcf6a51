import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NoticeOfLoss, NoticeParty } from '../../domain/claim/notice.ts';

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

/** What must stand nowhere but with the customer's own providers. */
export const personalWords = [
  canary,
  canary.toLowerCase(),
  '王晓明',
  ...[policyholder, thirdParty].flatMap(({ phone, email, account }) => [
    phone,
    phone.slice(3),
    email,
    account,
  ]),
];

/** A complete notice of loss of a moment ago; a test names only what it is about. */
export const aNotice = (reference: string, change: Partial<NoticeOfLoss> = {}): NoticeOfLoss => ({
  source: 'system-test',
  reference,
  policy: 'LK25-000101',
  lossAt: new Date(Date.now() - 2 * 3_600_000).toISOString(),
  place: `和平路 8 号 ${canary}`,
  description: `Two cars touched while parking, ${canary}`,
  parties: [policyholder],
  items: [{ object: 'insured-vehicle', party: 'policyholder', claimed: '2400.00' }],
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
