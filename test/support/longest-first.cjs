const Sequencer = require('@jest/test-sequencer').default;

/**
 * Where tests have not run before, jest begins with the largest files, and would end with one process alone
 * with what takes minutes.
 */
const longest = ['/test/system/local-stack.', '/test/demo/demo.', '/test/trust/', '/test/replay.'];

const place = ({ path }) => {
  const index = longest.findIndex((part) => path.includes(part));
  return index < 0 ? longest.length : index;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests); // oxlint-disable-line unicorn/no-array-sort -- no array's
    return usual.toSorted((a, b) => place(a) - place(b));
  }
};
