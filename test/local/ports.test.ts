import { createServer } from 'node:net';
import { freePort, portsFrom, requireFreePorts } from '../../local/processes/ports.ts';

test('the ports of a stack follow its base', () => {
  expect(portsFrom(7400)).toEqual({
    api: 7400,
    temporal: 7401,
    temporalUi: 7402,
    codec: 7403,
    postgres: 7404,
    smtp: 7405,
    mailbox: 7406,
    sms: 7407,
    bank: 7408,
    inboundMail: 7409,
    policySource: 7410,
  });
});

test.each([80, 65_526, 7400.5, Number.NaN])('a base of %s leaves no room', (base) => {
  expect(() => portsFrom(base)).toThrow(
    /^--port-base .+ is wrong: it should be a whole number from 1024 to 65525, such as 7400\.$/,
  );
});

test('a port that is taken is named with what it is for, and only if it is needed', async () => {
  const taken = await freePort();
  const other = createServer();
  await new Promise<void>((listening) => other.listen(taken, '127.0.0.1', listening));
  const ports = { ...portsFrom(7400), postgres: taken };

  await expect(requireFreePorts(ports, ['postgres'])).rejects.toThrow(
    `Port ${taken} (PostgreSQL) is taken: end what uses it, or choose other ports ` +
      'with --port-base, for instance --port-base 7500.',
  );
  await expect(requireFreePorts(ports, [])).resolves.toBeUndefined();
  await new Promise((closed) => other.close(closed));
  await expect(requireFreePorts(ports, ['postgres'])).resolves.toBeUndefined();
});
