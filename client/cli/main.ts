import { run } from './run.ts';

// A reader such as `head` may close the pipe early: that is no fault.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));

const exitCode = await run(process.argv.slice(2));
// When the stack stops while a part is still starting, the part's leash ends it as soon as this process has
// ended.
process.stdout.write('', () => process.exit(exitCode));
