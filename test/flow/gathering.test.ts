import { openStage, type Stage } from '../support/stage.ts';
import { files, survey, sentOf, uploads } from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ pace: 'ordinary', runEvents: 100_000 });
});
afterAll(() => stage.close());

test('four documents that arrive together are confirmed as four, in one message, some minutes later', async () => {
  const claim = await files(stage, {
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '8000.00' }],
  });
  await survey(claim);
  for (const document of ['driving-licence', 'accident-certificate']) await uploads(claim, document);
  await uploads(claim, 'repair-invoice', 'item-1');
  await uploads(claim, 'self-negotiated-agreement');
  expect(stage.sms.sent.filter(({ reference }) => reference.includes('documents-received'))).toEqual([]);
  // A night may lie between: texts wait for contact hours.
  await stage.passes('1 day');
  const messages = stage.sms.sent.filter(({ reference }) =>
    reference.startsWith(`${claim.number}/documents-received`),
  );
  expect(messages).toHaveLength(1);
  expect(messages[0]?.body).toContain('已收到资料4份');
  expect(await sentOf(claim, 'documents-received')).toEqual(['documents-received/sms → party-1']);

  await uploads(claim, 'police-determination');
  await stage.passes('1 day');
  expect(
    stage.sms.sent
      .filter(({ reference }) => reference.startsWith(`${claim.number}/documents-received`))
      .at(-1)?.body,
  ).toContain('已收到资料1份');
});
