import { describe, expect, it } from '@jest/globals';
import { type Exchange, openBill, type Request } from '../../../infra/local/bench/bill.ts';
import type { WireItem } from '../../../infra/local/bench/write-units.ts';

const machine = (name: string, more: WireItem = {}): WireItem => ({
  pk: { S: 'machines.cluster.k8s.io/default' },
  sk: { S: name },
  rv: { N: '1' },
  ...more,
});
const keyOf = ({ pk, sk }: WireItem): WireItem => ({ pk: pk!, sk: sk! });
const done = (action: string, request: Request, reply: Exchange['reply'] = {}): Exchange => ({ action, request, status: 200, reply });
const put = (item: WireItem): Exchange => done('PutItem', { TableName: 'plastron', Item: item });
const refused = (exchange: Exchange, type = 'ConditionalCheckFailedException'): Exchange => ({
  ...exchange,
  status: 400,
  reply: { __type: `com.amazonaws.dynamodb.v20120810#${type}` },
});
const read = (units: number) => ({ ConsumedCapacity: { CapacityUnits: units } });

describe('the bill', () => {
  it('knows what a put replaced', () => {
    const bill = openBill();
    bill.add(put(machine('a', { owner: { S: 'uid' }, dueAt: { N: '5' } })));
    expect(bill.writes()).toBe(1 + 3);
    bill.add(put(machine('a', { owner: { S: 'uid' }, rv: { N: '2' } })));
    expect(bill.writes()).toBe(4 + 1 + 2 + 1);
    bill.add(put(machine('b')));
    expect(bill.writes()).toBe(8 + 1 + 1);
    expect(bill.lines()).toEqual([{ what: 'PutItem machines', requests: 3, reads: 0, writes: 10 }]);
  });

  it('takes the item of an update from its answer', () => {
    const bill = openBill();
    bill.add(put(machine('a', { dueAt: { N: '5' } })));
    const before = bill.writes();
    bill.add(done('UpdateItem', { Key: keyOf(machine('a')) }, { Attributes: machine('a') }));
    expect(bill.writes() - before).toBe(1 + 1);
    bill.add(done('UpdateItem', { Key: keyOf(machine('a')) }, { Attributes: machine('a') }));
    expect(bill.writes() - before).toBe(2 + 1);
  });

  it('has a removed item cost nothing later', () => {
    const bill = openBill();
    bill.add(put(machine('a', { obj: { B: Buffer.alloc(3000).toString('base64') } })));
    bill.add(done('DeleteItem', { Key: keyOf(machine('a')) }));
    const before = bill.writes();
    bill.add(put(machine('a')));
    expect(bill.writes() - before).toBe(1 + 1);
  });

  it('bills a condition that did not hold, and not a request that was wrong', () => {
    const bill = openBill();
    bill.add(put(machine('a', { obj: { B: Buffer.alloc(3000).toString('base64') } })));
    bill.add(refused(put(machine('a', { rv: { N: '2' } }))));
    bill.add(refused(put(machine('a')), 'ValidationException'));
    expect(bill.lines().find(({ what }) => what === 'PutItem machines refused')).toEqual({
      what: 'PutItem machines refused',
      requests: 2,
      reads: 0,
      writes: 3,
    });
  });

  it('tells reads apart by index, limit and whose objects they are, the dearest first', () => {
    const bill = openBill();
    const ExpressionAttributeValues = { ':pk': { S: 'machines.cluster.k8s.io/default' } };
    const cluster: WireItem = { pk: { S: 'clusters.cluster.k8s.io/default' }, sk: { S: 'c' } };
    bill.add(done('GetItem', { Key: keyOf(machine('a')) }, read(1)));
    bill.add(done('GetItem', { Key: keyOf(machine('b')) }, read(2)));
    bill.add(done('Query', { IndexName: 'byOwner', ExpressionAttributeValues }, read(0.5)));
    bill.add(done('Query', { Limit: 50, ExpressionAttributeValues }, read(9)));
    const RequestItems = { plastron: { Keys: [keyOf(machine('a')), cluster, keyOf(machine('b'))] } };
    bill.add(done('BatchGetItem', { RequestItems }, { ConsumedCapacity: [{ CapacityUnits: 5 }] }));
    expect(bill.lines().map(({ what, reads }) => `${what}: ${reads}`)).toEqual([
      'Query machines limit 50: 9',
      'BatchGetItem clusters+machines: 5',
      'GetItem machines: 3',
      'Query byOwner machines: 0.5',
    ]);
  });

  it('shows what came since', () => {
    const bill = openBill();
    bill.add(put(machine('a')));
    bill.add(done('GetItem', { Key: keyOf(machine('a')) }, read(1)));
    const then = bill.lines();
    bill.add(put(machine('b')));
    expect(bill.lines(then)).toEqual([{ what: 'PutItem machines', requests: 1, reads: 0, writes: 2 }]);
  });

  it('refuses an operation that it has no price for, and lets the making of the table pass', () => {
    const bill = openBill();
    bill.add(done('CreateTable', { TableName: 'plastron' }));
    expect(bill.lines()).toEqual([]);
    expect(() => bill.add(done('TransactWriteItems', {}))).toThrow('no price for TransactWriteItems');
  });

  it('asks for what is not there too, as AWS does', () => {
    const bill = openBill();
    bill.add(done('Query', { ExpressionAttributeValues: { ':pk': { S: 'machines.cluster.k8s.io/default' } } }, read(0)));
    bill.add(done('BatchGetItem', { RequestItems: { plastron: { Keys: [keyOf(machine('a')), keyOf(machine('b'))] } } }, read(1)));
    expect(bill.lines().map(({ reads }) => reads)).toEqual([2, 1]);
  });

  it('knows which function asked', () => {
    const bill = openBill();
    bill.add({ ...put(machine('a')), by: 'reconcile-machine' });
    bill.add({ ...put(machine('b')), by: 'reconcile-machine' });
    bill.add({ ...done('GetItem', { Key: keyOf(machine('a')) }, read(1)), by: 'sweep' });
    bill.add(done('GetItem', { Key: keyOf(machine('a')) }, read(1)));
    expect(bill.byFunction()).toEqual({ 'reconcile-machine': { reads: 0, writes: 4 }, sweep: { reads: 1, writes: 0 } });
  });

  it('knows how much is stored', () => {
    const bill = openBill();
    bill.add(put(machine('a')));
    const one = bill.bytes();
    expect(one).toBeGreaterThan(30);
    bill.add(put(machine('b')));
    expect(bill.bytes()).toBe(2 * one);
    bill.add(done('DeleteItem', { Key: keyOf(machine('a')) }));
    expect(bill.bytes()).toBe(one);
  });
});
