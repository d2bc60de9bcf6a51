import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../config/env.ts';
import { atRest, eventually, type LocalStack } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { aNotice, fileOf, thirdParty, policyholder } from './notices.ts';

const shown = z.looseObject({
  stage: z.string(),
  outcome: z.string().nullable(),
  handler: z.string(),
  surveyor: z.string(),
  items: z.array(
    z.looseObject({
      id: z.string(),
      stage: z.string(),
      payable: z.string().nullable(),
      payment: z.looseObject({ state: z.string(), amount: z.string() }).nullable(),
    }),
  ),
  notifications: z.array(
    z.looseObject({ kind: z.string(), channel: z.string(), to: z.string(), state: z.string() }),
  ),
});
type Shown = z.infer<typeof shown>;
const mails = z.array(
  z.looseObject({ subject: z.string(), to: z.array(z.looseObject({ address: z.string() })) }),
);

const paper = (name: string): string => join(projectRoot, 'samples', 'attachments', name);

export function road(stack: () => LocalStack): void {
  test('two cars go from notice to payment by command, one by the rules alone and one through verifier and reviewer, and both owners hear of it', async () => {
    const notice = aNotice('road', {
      parties: [policyholder, thirdParty],
      items: [
        { object: 'insured-vehicle', party: 'policyholder', claimed: '2400.00' },
        { object: 'third-party-vehicle', party: 'third-party', claimed: 8000 },
      ],
    });
    const { claim: no } = z
      .object({ claim: z.string() })
      .parse(await stack().asks('claims', 'file', fileOf(temporaryDirectory(), 'notice.json', notice)));
    const does = (who: string, ...words: string[]): Promise<unknown> => stack().asks(...words, '--as', who);
    const until = (what: string, holds: (claim: Shown) => boolean): Promise<Shown> =>
      eventually(
        what,
        async () =>
          shown.parse(
            await stack()
              .calls('A-991', 'GET', `/claims/${no}`)
              .then(({ body }) => body),
          ),
        holds,
      );
    const stands = (item: number, stage: string): Promise<Shown> =>
      until(`item-${item} at ${stage}`, ({ items }) => items[item - 1]?.stage === stage);
    const { surveyor, handler } = await until('waiting for the survey', ({ stage }) => stage === 'survey');

    expect(
      await does(surveyor, 'report-survey', no, '--on-scene', '--findings', 'as reported'),
    ).toMatchObject({ kind: 'recorded' });
    for (const [document, file, ...item] of [
      ['driving-licence', 'licence.jpg'],
      ['police-determination', 'police-determination.pdf'],
      ['repair-invoice', 'repair-invoice-third-party.pdf', '--item', 'item-2'],
    ] as const) {
      expect(await does('H-101', 'add-document', no, document, paper(file), ...item)).toMatchObject({
        kind: 'recorded',
      });
      expect(await does(handler, 'accept-document', no, document, ...item)).toMatchObject({
        kind: 'recorded',
      });
    }

    await stands(1, 'assess');
    await does(handler, 'assess', no, 'item-1', '2400');
    await stands(2, 'assess');
    await does(handler, 'assess', no, 'item-2', '7600.50', '--cut', 'depreciation=300', '--cut', 'salvage');
    await stands(2, 'verify');
    await does('V-401', 'verify', no, 'item-2');
    await stands(2, 'review');
    await does('R-502', 'approve', no, 'item-2');
    await until('closed', ({ outcome }) => outcome !== null);
    const closed = shown.parse(await atRest(stack(), no));

    expect(closed).toMatchObject({
      stage: 'closed',
      outcome: 'paid',
      items: [
        { payable: '2400.00', payment: { state: 'confirmed', amount: '2400.00' } },
        { payable: '7600.50', payment: { state: 'confirmed', amount: '7600.50' } },
      ],
    });
    expect(
      closed.notifications
        .filter(({ to, channel }) => to === 'party-1' && channel === 'sms')
        .map(({ kind }) => kind),
    ).toEqual(
      expect.arrayContaining([
        'acknowledgement',
        'receipt-issued',
        'assessed',
        'payment-approved',
        'paid',
        'claim-closed',
      ]),
    );
    expect(await telephones(stack())).toContain(`案件尾号${no.slice(-5)}`);
    const inbox = mails.parse(await (await fetch(`${stack().addresses.mail}/api/email`)).json());
    expect(
      inbox.filter(({ to, subject }) => to[0]?.address === policyholder.email && subject.includes(no)).length,
    ).toBeGreaterThanOrEqual(4);
    expect(
      inbox.filter(({ to, subject }) => to[0]?.address === thirdParty.email && subject.includes(no)).length,
    ).toBeGreaterThanOrEqual(2);
  }, 120_000);
}

const telephones = async ({ addresses }: LocalStack): Promise<string> => (await fetch(addresses.sms)).text();
