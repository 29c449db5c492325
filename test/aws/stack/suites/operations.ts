import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { deployed } from '../../../../infra/aws/cost/assumptions.ts';
import { manyKinds } from '../many-kinds.ts';
import { synthesize } from '../synthesize.ts';
import { propertiesOf, resolve, type Template } from '../template.ts';

const template = synthesize();
const given = synthesize({ alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms', dashboard: true });

describe('operators', () => {
  interface Alarm {
    readonly AlarmName: string;
    readonly AlarmDescription: string;
    readonly TreatMissingData: string;
    readonly AlarmActions?: readonly string[];
    readonly MetricName?: string;
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    readonly Metrics?: readonly {
      readonly MetricStat?: { readonly Metric: { readonly Dimensions?: readonly { readonly Value: string }[] } };
    }[];
  }
  const alarmsOf = (of: Template) => propertiesOf<Alarm>(of, 'AWS::CloudWatch::Alarm');
  const alarm = (name: string) => alarmsOf(template).find(({ AlarmName }) => AlarmName === `Plastron-${name}`)!;
  const measuredBy = (name: string) =>
    (alarm(name).Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions?.map(({ Value }) => Value) ?? []);

  it('have six alarms, which say what to look at', () => {
    const names = ['api-5xx', 'dead-letters', 'errors', 'failed-executions', 'oldest-due', 'throttles'];
    expect(
      alarmsOf(template)
        .map(({ AlarmName }) => AlarmName)
        .sort(),
    ).toEqual(names.map((name) => `Plastron-${name}`));
    for (const { AlarmDescription } of alarmsOf(template)) expect(AlarmDescription).toMatch(/ .*[.]$/);
  });

  it('hear of dead letters in any queue', () => {
    const queues = propertiesOf(template, 'AWS::SQS::Queue').map(({ QueueName }) => String(QueueName));
    expect([...measuredBy('dead-letters')].sort()).toEqual(queues.filter((name) => /-dead\.fifo$|-undelivered$/.test(name)).sort());
  });

  it('hear of errors in what wakes the reconcilers; the errors of all others show elsewhere', () => {
    expect([...measuredBy('errors')].sort()).toEqual(['Plastron-collect', 'Plastron-dispatch', 'Plastron-executions', 'Plastron-sweep']);
  });

  it('pay for as many metrics of alarms as the estimate of costs says', () => {
    const metrics = alarmsOf(template).map(({ Metrics }) => Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);
    expect(metrics.reduce((sum, count) => sum + count, 0)).toBe(deployed.alarmMetrics);
  });

  it('hear of executions that failed, and of a sweep that is silent', () => {
    expect(alarm('failed-executions')).toMatchObject({
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'RuleName', Value: 'Plastron-executions-failed' }],
    });
    expect(alarm('oldest-due')).toMatchObject({ Namespace: 'Plastron', MetricName: 'OldestDueSeconds', TreatMissingData: 'breaching' });
  });

  it('have no alarm of more metrics than CloudWatch takes, however many queues there are', () => {
    for (const { Metrics = [] } of alarmsOf(synthesize({}, manyKinds(40)))) expect(Metrics.length).toBeLessThanOrEqual(1 + 10);
  });

  it('are told, and see a dashboard, where that is wanted', () => {
    expect(alarmsOf(template).filter(({ AlarmActions }) => AlarmActions !== undefined)).toEqual([]);
    for (const { AlarmActions } of alarmsOf(given)) expect(AlarmActions).toEqual(['arn:aws:sns:us-east-1:123456789012:alarms']);
    expect(propertiesOf(template, 'AWS::CloudWatch::Dashboard')).toEqual([]);
    expect(propertiesOf(given, 'AWS::CloudWatch::Dashboard')).toEqual([expect.objectContaining({ DashboardName: 'Plastron' })]);
  });
});

describe('outputs', () => {
  const { Outputs } = template;

  it('are where the API is, which table it keeps, and how to get there', () => {
    expect(Object.keys(Outputs).sort()).toEqual(['KubeconfigCommand', 'Table', 'Url']);
    expect(resolve(template, Outputs.Url!.Value)).toBe('https://API.execute-api.us-east-1.amazonaws.com/v1');
    expect(resolve(template, Outputs.Table!.Value)).toBe('TABLE');
  });

  const withKubectl = spawnSync('kubectl', ['version', '--client']).status === 0 ? it : it.skip;
  withKubectl('can be pasted into a shell, and kubectl then asks aws for tokens of this plane (needs kubectl)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plastron-kubeconfig-'));
    const shell = (command: string) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-ec', command], {
        env: { ...process.env, KUBECONFIG: join(folder, 'config') },
        encoding: 'utf8',
      });
      expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
      return stdout;
    };
    try {
      shell(resolve<string>(template, Outputs.KubeconfigCommand!.Value));
      const config = JSON.parse(shell('kubectl config view --minify -o json')) as Record<string, { cluster?: object; user?: object }[]>;
      expect(config.clusters![0]!.cluster).toEqual({ server: 'https://API.execute-api.us-east-1.amazonaws.com/v1' });
      expect(config.users![0]!.user).toMatchObject({
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1beta1',
          command: 'aws',
          args: ['eks', 'get-token', '--cluster-name', 'Plastron', '--region', 'us-east-1'],
        },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
