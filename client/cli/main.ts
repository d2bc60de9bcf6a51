import { run } from './run.ts';

// A reader such as `head` may have had enough: that is no fault of ours.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));

const exitCode = await run(process.argv.slice(2));
// A stack that is stopped while a part of it is still starting leaves that part to its leash, which waits for
// us to be gone.
process.stdout.write('', () => process.exit(exitCode));
