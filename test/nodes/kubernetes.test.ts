import { afterEach, describe, expect, it } from '@jest/globals';
import { Conflict, Invalid, Refused, RetryLater } from '../../shared/errors.ts';
import { createNodes } from '../../shared/nodes/create-nodes.ts';
import { virtualClock } from '../clock.ts';
import { type Answer, type Asked, type ScriptedServer, scriptedServer } from './https-server.ts';

describe('the client of a Kubernetes API', () => {
  const clock = virtualClock();
  const nodes = createNodes({ clock });
  let server: ScriptedServer | undefined;
  afterEach(async () => {
    nodes.close();
    await server?.close();
  });
  const open = async (answer: (asked: Asked) => Answer) => {
    server = await scriptedServer(answer);
    return nodes.kubernetes(server.kubeconfig);
  };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', uid: 'u1' } };

  it.each([
    [401, Refused],
    [403, Refused],
    [409, Conflict],
    [422, Invalid],
    [429, RetryLater],
    [500, RetryLater],
    [503, RetryLater],
  ])('turns %i into an error of ours, with what the server says', async (status, error) => {
    const kubernetes = await open(() => ({ status, body: { kind: 'Status', message: 'because I say so' } }));
    const patching = kubernetes.patchNode('n', {});
    await expect(patching).rejects.toThrow(error);
    await expect(patching).rejects.toThrow(`PATCH /api/v1/nodes/n: ${status}: because I say so`);
  });

  it('says when to come again', async () => {
    const kubernetes = await open(() => ({ status: 429, headers: { 'retry-after': '7' } }));
    await expect(kubernetes.evict(pod)).rejects.toMatchObject({ name: 'RetryLater', retryAfter: 7 });
  });

  it('takes what is no JSON for another server that may be gone later', async () => {
    const kubernetes = await open(() => ({ status: 502, body: '<html>bad gateway</html>' }));
    await expect(kubernetes.listNodes()).rejects.toThrow(/status 502, and not in JSON/);
    await expect(kubernetes.listNodes()).rejects.toThrow(RetryLater);
  });

  it('knows what is not there from what it cannot tell', async () => {
    const kubernetes = await open(({ path }) => ({ status: path.endsWith('/gone') ? 404 : 503 }));
    expect(await kubernetes.getNode('gone')).toBeUndefined();
    await kubernetes.deleteNode('gone');
    await expect(kubernetes.getNode('here')).rejects.toThrow(RetryLater);
    await server?.close();
    await expect(kubernetes.getNode('gone')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('patches, deletes and evicts exactly the object that is meant', async () => {
    const kubernetes = await open(() => ({ status: 200, body: {} }));
    await kubernetes.patchNode('n/../x', { spec: { providerID: 'gce://p/z/n' } });
    await kubernetes.deleteNode('n', 'u1');
    await kubernetes.evict(pod);
    const deleteOptions = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'u1' } };
    expect(server?.asked).toEqual([
      {
        method: 'PATCH',
        path: '/api/v1/nodes/n%2F..%2Fx',
        contentType: 'application/merge-patch+json',
        body: { spec: { providerID: 'gce://p/z/n' } },
      },
      { method: 'DELETE', path: '/api/v1/nodes/n', contentType: 'application/json', body: deleteOptions },
      {
        method: 'POST',
        path: '/api/v1/namespaces/shop/pods/web-1/eviction',
        contentType: 'application/json',
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web-1', namespace: 'shop' }, deleteOptions },
      },
    ]);
  });

  it('counts an object of another uid as gone', async () => {
    const kubernetes = await open(() => ({ status: 409 }));
    await kubernetes.deleteNode('n', 'u1');
    await kubernetes.evict(pod);
    expect(server?.asked).toHaveLength(2);
  });

  it('reads lists page by page', async () => {
    const pages: Record<string, Answer> = {
      first: { status: 200, body: { items: [{ metadata: { name: 'a' } }], metadata: { continue: 'more' } } },
      more: { status: 200, body: { items: [{ metadata: { name: 'b' } }], metadata: {} } },
    };
    const kubernetes = await open(({ path }) => pages[new URL(path, 'https://x').searchParams.get('continue') ?? 'first']!);
    expect((await kubernetes.podsOn('n 1')).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(server?.asked[0]?.path).toBe('/api/v1/pods?fieldSelector=spec.nodeName%3Dn+1&limit=500');
  });

  it('shares connections between all who open the same kubeconfig, and keeps them for a minute', async () => {
    await open(() => ({ status: 200, body: {} }));
    for (let i = 0; i < 20; i++) {
      const kubernetes = nodes.kubernetes(server!.kubeconfig);
      await kubernetes.getNode('n');
      kubernetes.close();
    }
    expect(server!.connections()).toBe(1);
    const held = nodes.kubernetes(server!.kubeconfig);
    await Promise.all(Array.from({ length: 100 }, () => held.getNode('n')));
    expect(server!.connections()).toBeLessThanOrEqual(16);
  });

  it('asks again when a kept connection was cut in between', async () => {
    const kubernetes = await open(() => ({ status: 200, body: { metadata: { name: 'n' } } }));
    await kubernetes.getNode('n');
    server!.cut();
    expect(await kubernetes.getNode('n')).toEqual({ metadata: { name: 'n' } });
  });

  it('trusts nobody but the authority in the kubeconfig', async () => {
    await open(() => ({ status: 200 }));
    const other = await scriptedServer(() => ({ status: 200 }));
    const mixed = server!.kubeconfig.replace(/server: \S+/, other.kubeconfig.match(/server: \S+/)![0]);
    await expect(nodes.kubernetes(mixed).getNode('n')).rejects.toThrow(RetryLater);
    expect(other.asked).toEqual([]);
    await other.close();
  });
});
