import { describe, expect, it } from '@jest/globals';
import { portMapOf, reachableKubeconfig, reachBy } from '../../infra/local/port-map.ts';

const map = portMapOf(['127.64.0.10', '127.65.0.10'], 26_000);

describe('the ports of reserved addresses where only 127.0.0.1 answers', () => {
  it('are two for each address', () => {
    expect(map).toEqual({
      '127.64.0.10:6443': '127.0.0.1:26000',
      '127.64.0.10:50000': '127.0.0.1:26001',
      '127.65.0.10:6443': '127.0.0.1:26002',
      '127.65.0.10:50000': '127.0.0.1:26003',
    });
  });

  it('are reached by the map, and everything else as it is', () => {
    expect(reachBy(map)('127.65.0.10', 6443)).toEqual({ host: '127.0.0.1', port: 26_002 });
    expect(reachBy(map)('127.65.0.11', 6443)).toEqual({ host: '127.65.0.11', port: 6443 });
    expect(reachBy(undefined)('127.65.0.10', 6443)).toEqual({ host: '127.65.0.10', port: 6443 });
  });

  it('stand in a kubeconfig with the name whose certificate is shown there', () => {
    const cluster = (server: string) => `clusters:\n- cluster:\n    server: ${server}\n    certificate-authority-data: abc\n`;
    expect(reachableKubeconfig(cluster('https://127.65.0.10:6443'), map)).toBe(
      cluster('https://127.0.0.1:26002\n    tls-server-name: 127.65.0.10'),
    );
    expect(reachableKubeconfig(cluster('https://192.0.2.1:6443'), map)).toBe(cluster('https://192.0.2.1:6443'));
  });
});
