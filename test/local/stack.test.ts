import { emptyStack, type Part } from '../../local/stack.ts';

test('what rests on something is stopped before it, whatever the order of starting', async () => {
  const stopped: string[] = [];
  const part = (name: string): Part => ({ stop: async () => void stopped.push(name) });
  const stack = emptyStack(() => undefined);
  await stack.add('lipei', 'Worker', Promise.resolve(part('worker')));
  await stack.add('records', 'PostgreSQL', Promise.resolve(part('records')));
  await stack.add('around', 'Temporal', Promise.resolve(part('engine')));
  await stack.stop();
  expect(stopped).toEqual(['worker', 'engine', 'records']);
});

test('what is still starting when everything is stopped is stopped too', async () => {
  const stopped: string[] = [];
  const started = Promise.withResolvers<Part>();
  const stack = emptyStack(() => undefined);
  void stack.add('around', 'Temporal', started.promise);
  const stopping = stack.stop();
  started.resolve({ stop: async () => void stopped.push('engine') });
  await stopping;
  expect(stopped).toEqual(['engine']);
});

test('one that cannot be stopped does not keep the others running', async () => {
  const stopped: string[] = [];
  const stack = emptyStack(() => undefined);
  await stack.add('around', 'Mailbox', Promise.resolve({ stop: () => Promise.reject(new Error('stuck')) }));
  await stack.add(
    'records',
    'PostgreSQL',
    Promise.resolve({ stop: async () => void stopped.push('records') }),
  );
  await stack.stop();
  expect(stopped).toEqual(['records']);
});

test('a part that ends by itself is said to be lost', async () => {
  const stack = emptyStack(() => undefined);
  await stack.add(
    'lipei',
    'Worker',
    Promise.resolve({ stop: async () => undefined, ended: Promise.resolve('The worker ended.') }),
  );
  expect(await stack.lost).toBe('The worker ended.');
});
