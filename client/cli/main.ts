import { run } from './run.ts';

// A reader such as `head` may have had enough: that is no fault of ours.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await run(process.argv.slice(2));
