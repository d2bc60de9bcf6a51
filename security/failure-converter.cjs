// The Temporal SDK loads this file by its path, in workers and clients by require and into the workflow's
// bundle. Failures carry
// messages and stacks, so those are encrypted too.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
