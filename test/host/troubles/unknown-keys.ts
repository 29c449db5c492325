import { expect, it } from '@jest/globals';
import type { Host } from '../host.ts';
import { machine, platforms, yamlOf } from '../manifests.ts';

const { gce } = platforms;

/** What a platform does not know, in `platform.config`. */
export function unknownKeys(host: () => Host): void {
  const odd = (name: string) =>
    yamlOf([machine(name, { cluster: 'nowhere', platform: { ...gce, config: `${gce.config}zoen: us-central1-c\n` } })]);
  const unknown = 'unknown field "spec.providerSpec.value.platform.config.zoen"';

  it('is refused when kubectl validates strictly, as it does by default, and nothing is stored', async () => {
    const { code, stderr } = await host().tryApply(odd('odd'));
    expect([code, stderr]).toEqual([1, expect.stringContaining(`strict decoding error: ${unknown}`)]);
    expect(await host().must('get', 'machine', 'odd', '--ignore-not-found')).toBe('');
  });

  it.each([
    ['warned of', 'warn', `Warning: ${unknown}\n`],
    ['let pass', 'ignore', ''],
  ])('is %s with --validate=%s', async (_what, validate, stderr) => {
    expect(await host().tryApply(odd(`odd-${validate}`), `--validate=${validate}`)).toEqual({
      code: 0,
      stdout: `machine.cluster.k8s.io/odd-${validate} created\n`,
      stderr,
    });
  });

  it('does not stand in the way of a later patch of something else', async () => {
    const patched = await host().kubectl.run(['patch', 'machine', 'odd-warn', '--type=merge', '-p', '{"metadata":{"labels":{"a":"b"}}}']);
    expect(patched).toEqual({ code: 0, stdout: 'machine.cluster.k8s.io/odd-warn patched\n', stderr: '' });
  });
}
