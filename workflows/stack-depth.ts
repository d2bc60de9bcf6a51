/**
 * How many calls a stack trace keeps, in workflow code only. The SDK takes one of each promise, so that the
 * Temporal UI can show where a claim waits (Call Stack). With the usual ten calls that is a quarter of the
 * worker's time; two of these six are the SDK's own.
 */
Error.stackTraceLimit = 6;
