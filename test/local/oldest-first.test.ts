import { describe, expect, it } from '@jest/globals';
import { createOldestFirst } from '../../infra/local/oldest-first.ts';

/** Calls that end when the test says so. */
function calls(atOnce: number) {
  const order = createOldestFirst({ atOnce });
  const begun: string[] = [];
  const open = new Map<string, () => void>();
  const call = (execution: string, name: string) =>
    order.run(execution, () => {
      begun.push(name);
      return new Promise<string>((resolve) => open.set(name, () => resolve(name)));
    });
  const end = async (name: string) => {
    open.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { order, begun, call, end };
}

describe('calls of executions', () => {
  it('run side by side up to a number', () => {
    const { begun, call } = calls(2);
    for (const name of ['a', 'b', 'c']) void call(name, name);
    expect(begun).toEqual(['a', 'b']);
  });

  it('begin with those of the execution that began first, whoever asks first', async () => {
    const { begun, call, end } = calls(1);
    void call('old', 'old 1');
    void call('young', 'young 1');
    void call('youngest', 'youngest 1');
    await end('old 1');
    void call('old', 'old 2');
    await end('young 1');
    await end('old 2');
    expect(begun).toEqual(['old 1', 'young 1', 'old 2', 'youngest 1']);
  });

  it('hand their place on when they fail, too', async () => {
    const order = createOldestFirst({ atOnce: 1 });
    const failing = order.run('a', () => Promise.reject(new Error('no')));
    const following = order.run('b', async () => 'done');
    await expect(failing).rejects.toThrow('no');
    expect(await following).toBe('done');
    expect(await order.run('c', async () => 'done too')).toBe('done too');
  });

  it('of an execution that has ended and is called again come last', async () => {
    const { order, begun, call, end } = calls(1);
    void call('old', 'old 1');
    void call('young', 'young 1');
    order.forget('old');
    void call('old', 'old 2');
    await end('old 1');
    await end('young 1');
    expect(begun).toEqual(['old 1', 'young 1', 'old 2']);
  });
});
