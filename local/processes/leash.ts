// Preloaded into every Node process of the local stack. If the stack is killed it cannot end them; but their
// channel to it closes, and they end themselves.
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), 10_000).unref();
});
process.channel?.unref();
