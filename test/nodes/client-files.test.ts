import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { Invalid } from '../../shared/errors.ts';
import { parseKubeconfig } from '../../shared/nodes/kubernetes/kubeconfig.ts';
import { parseTalosconfig } from '../../shared/nodes/talos/talosconfig.ts';

const pem = (label: string) => `-----BEGIN ${label}-----\nMC4CAQAwBQYDK2VwBCIEIHhpZGRlbg==\n-----END ${label}-----\n`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const certificate = base64(pem('CERTIFICATE'));
const secret = base64(pem('ED25519 PRIVATE KEY'));

const talosconfig = { context: 'c', contexts: { c: { endpoints: ['203.0.113.10'], ca: certificate, crt: certificate, key: secret } } };
const kubeconfig = {
  'current-context': 'admin@c',
  contexts: [{ name: 'admin@c', context: { cluster: 'c', user: 'admin', namespace: 'default' } }],
  clusters: [{ name: 'c', cluster: { server: 'https://203.0.113.10:6443', 'certificate-authority-data': certificate } }],
  users: [{ name: 'admin', user: { 'client-certificate-data': certificate, 'client-key-data': secret } }],
};

describe('a talosconfig', () => {
  it('gives the credentials of its current context, its key under the label that OpenSSL reads', () => {
    expect(parseTalosconfig(stringify(talosconfig))).toEqual({
      ca: pem('CERTIFICATE'),
      cert: pem('CERTIFICATE'),
      key: pem('PRIVATE KEY'),
    });
  });
});

describe('a kubeconfig', () => {
  it('gives the server and the credentials of its current context', () => {
    const { server, key } = parseKubeconfig(stringify(kubeconfig));
    expect([server.href, key]).toEqual(['https://203.0.113.10:6443/', pem('ED25519 PRIVATE KEY')]);
  });
});

describe('a client file that is wrong', () => {
  const cases: [string, () => unknown, RegExp][] = [
    ['no YAML', () => parseTalosconfig(`a: ${secret}\n b: [`), /talosconfig: not YAML at character \d+/],
    ['no document at all', () => parseTalosconfig(''), /talosconfig: the document: /],
    ['a context that is not there', () => parseTalosconfig(stringify({ ...talosconfig, context: 'd' })), /current context/],
    [
      'a key that is no PEM text',
      () => parseTalosconfig(stringify({ ...talosconfig, contexts: { c: { ...talosconfig.contexts.c, key: 'hunter2' } } })),
      /contexts\.c\.key: write the base64 of a PEM text/,
    ],
    ['no user of that name', () => parseKubeconfig(stringify({ ...kubeconfig, users: [] })), /its user is not in the file/],
    [
      'a server without TLS',
      () => parseKubeconfig(stringify(kubeconfig).replace('https://', 'http://')),
      /kubeconfig: clusters\.0\.cluster\.server: /,
    ],
  ];
  it.each(cases)('%s: is refused, and what stands there is not repeated', (_, parse, message) => {
    expect(parse).toThrow(Invalid);
    expect(parse).toThrow(message);
    try {
      parse();
    } catch (error) {
      expect(String(error)).not.toMatch(/hunter2|MC4CAQ|LS0tLS1/);
    }
  });
});
