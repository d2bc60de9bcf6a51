// The Temporal SDK loads this file by its path: `require` in workers and clients, and into the workflows'
// bundle. Failures carry messages and stack traces, so these are encrypted too.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
