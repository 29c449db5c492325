import { describe, expect, it } from '@jest/globals';
import { type NodeObject, node } from '../../../infra/local/nodes/kinds/node.ts';

const cell = (column: string, object: NodeObject) => node.columns.find(({ name }) => name === column)?.value(object);
const nodeWith = (ready: string | undefined, labels: Record<string, string> = {}, unschedulable?: boolean): NodeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', labels },
  spec: { ...(unschedulable && { unschedulable }) },
  status: { ...(ready && { conditions: [{ type: 'Ready', status: ready as 'True' }] }) },
});

describe('the table of nodes', () => {
  it.each([
    ['True', undefined, 'Ready'],
    ['False', undefined, 'NotReady'],
    ['Unknown', undefined, 'NotReady'],
    [undefined, undefined, 'Unknown'],
    ['True', true, 'Ready,SchedulingDisabled'],
    ['Unknown', true, 'NotReady,SchedulingDisabled'],
  ])('says of Ready %s, unschedulable %s: %s', (ready, unschedulable, status) => {
    expect(cell('Status', nodeWith(ready, {}, unschedulable))).toBe(status);
  });

  it.each([
    [{}, '<none>'],
    [{ 'node-role.kubernetes.io/master': '' }, 'master'],
    [{ 'node-role.kubernetes.io/master': '', 'node-role.kubernetes.io/control-plane': '' }, 'control-plane,master'],
    [{ 'node-role.kubernetes.io/': '', set: 'worker' }, '<none>'],
  ])('reads the roles of %j: %s', (labels, roles) => {
    expect(cell('Roles', nodeWith('True', labels))).toBe(roles);
  });

  it('shows <none> for an address that a node has not', () => {
    expect([cell('Internal-IP', nodeWith('True')), cell('External-IP', nodeWith('True'))]).toEqual(['<none>', '<none>']);
  });
});
