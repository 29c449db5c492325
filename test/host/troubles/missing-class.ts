import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { condition, eventually, type Host, untilReady } from '../host.ts';
import { deployment, machineClass, platforms, yamlOf } from '../manifests.ts';

/** Workers by MachineClass in cluster `one`, which is up, with its two Machines: they come with the class, and go without it. */
export function missingClass(host: () => Host): void {
  const large = machineClass('large', platforms.aws);
  const fromClass = { valueFrom: { machineClass: { name: 'large' } } };
  const byClass = deployment('by-class', 2, { cluster: 'one', providerSpec: fromClass });
  const workers = async () => (await host().list('machines')).filter(({ metadata }) => metadata.name.startsWith('by-class-'));

  it('is said by the Machine, in its condition and in an Event', async () => {
    await host().apply(byClass);
    await eventually(async () => ((await workers()).length === 2 ? undefined : 'the Machines are not there'));
    const name = (await workers())[0]!.metadata.name;
    const { message } = await condition(host(), ['machine', name], 'Ready', { status: 'False', reason: 'WaitingForMachineClass' });
    expect(message).toBe('MachineClass default/large does not exist: apply it, or correct spec.providerSpec.valueFrom.machineClass.name');
    expect(await host().must('events', '--for', `machine/${name}`)).toMatch(
      /Warning +WaitingForMachineClass .* default\/large does not exist/,
    );
  });

  it('is mended by applying it: the Machines go on by themselves, and get ready Nodes', async () => {
    await host().apply(large);
    await untilReady(host(), 4, 'default', 30);
    const nodes = await (await host().workload('one')).run(['get', 'nodes', '-o', 'name']);
    expect(nodes.stdout.trimEnd().split('\n')).toHaveLength(4);
  });

  it('is refused while its config is wrong, by the path of the field', async () => {
    const wrong = machineClass('wrong', { type: 'aws', config: 'region: us-west-2\n' });
    const { code, stderr } = await host().tryApply(yamlOf([wrong]));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/MachineClass .*"wrong" is invalid: providerSpec\.platform\.config\.instances: Required/),
    ]);
  });

  it('stands in the examples as it may be applied', async () => {
    const example = readFileSync(new URL('../../../examples/machine-class.yaml', import.meta.url), 'utf8');
    const { code, stdout } = await host().tryApply(example, '--dry-run=server');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^machineclass\S+ created \(server dry run\)\nmachinedeployment\S+ created/)]);
  });

  it('reads well in kubectl get, describe and explain', async () => {
    expect(await host().must('get', 'mc')).toMatch(/^NAME +PLATFORM +AGE\nlarge +aws +\S+\n$/);
    expect(await host().must('get', 'cluster-api')).toContain('machineclass.cluster.k8s.io/large');
    expect(await host().must('describe', 'mc', 'large')).toMatch(/Provider Spec:[\s\S]*Platform:[\s\S]*region: us-west-2/);
    expect(await host().must('explain', 'mc')).toMatch(/A provider spec under a name[\s\S]*allocatable[\s\S]*capacity[\s\S]*providerSpec/);
    expect(await host().must('explain', 'mc.capacity')).toMatch(/FIELD: capacity <map\[string\]Quantity>/);
    expect(await host().must('explain', 'md.spec.template.spec.providerSpec.valueFrom.machineClass')).toMatch(
      /a later\s+change of the class changes no Machine[\s\S]*name\t<string> -required-/,
    );
  });

  it('does not matter to Machines that are there, nor to their end', async () => {
    await host().must('delete', 'mc', 'large');
    expect((await workers()).map(({ status }) => (status as { phase: string }).phase)).toEqual(['Running', 'Running']);
    await host().must('delete', 'md', 'by-class', '--cascade=foreground', '--timeout=30s');
    expect(await workers()).toEqual([]);
    const { aws } = await host().clouds();
    expect(aws.instances.filter(({ state }) => state === 'running')).toHaveLength(1);
  });
}
