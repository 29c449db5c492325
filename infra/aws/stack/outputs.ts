import { Aws, CfnOutput } from 'aws-cdk-lib';
import type { Plan } from './plan.ts';
import type { Storage } from './storage.ts';

/** What whoever deployed goes on with. */
export function tellHowToReach({ stack, options }: Plan, { table }: Storage, url: string): void {
  new CfnOutput(stack, 'Url', { value: url, description: 'The Kubernetes API' });
  new CfnOutput(stack, 'TableName', { value: table.tableName, description: 'Where its objects are' }).overrideLogicalId('Table');
  new CfnOutput(stack, 'KubeconfigCommand', { value: kubeconfigCommand(options.prefix, url), description: 'Makes kubectl talk to it' });
}

/** kubectl asks the aws command line for a token, with the credentials that it has then; nothing secret is kept. */
function kubeconfigCommand(name: string, url: string): string {
  const getToken = ['eks', 'get-token', '--cluster-name', name, '--region', Aws.REGION].map((word) => `--exec-arg=${word}`).join(' ');
  return [
    `kubectl config set-cluster ${name} --server=${url}`,
    `kubectl config set-credentials ${name} --exec-api-version=client.authentication.k8s.io/v1beta1 --exec-command=aws ${getToken}`,
    `kubectl config set-context ${name} --cluster=${name} --user=${name}`,
    `kubectl config use-context ${name}`,
  ].join(' && ');
}
