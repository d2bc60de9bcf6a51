const usual = require('../../jest.config.cjs');

/**
 * `npm run chaos`: the whole stack under load, while one part after another is away. CHAOS_OUTAGE_SECONDS
 * (120) says for how long.
 */
const { globalSetup: _, globalTeardown: __, ...rest } = usual;

module.exports = {
  ...rest,
  testMatch: ['<rootDir>/test/chaos/**/*.chaos.ts'],
  testTimeout: 30 * 60_000,
  maxWorkers: 1,
  bail: 1,
};
