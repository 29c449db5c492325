import type { Clock, Random } from '../../../../shared/ports.ts';
import { openCloudState } from '../cloud-state.ts';
import { type Call, type FakeServer, type ListenOptions, type Reply, serveFake } from '../fake-server.ts';
import type { Fault } from '../faults.ts';
import { externalNetworks } from '../loopback.ts';
import type { NodeHost } from '../node-host.ts';
import { type Account, openAccount, type Timing } from './account.ts';
import { actions } from './actions.ts';
import { catchUp, poweredMachine, terminate } from './lifecycle.ts';
import { type AccessKeys, authenticate, demoAccessKeys } from './signature.ts';
import { type AwsState, describeAccount } from './state.ts';
import { Ec2Error, errorXml, paramsOf, replyXml } from './wire.ts';

export interface AwsFakeOptions extends ListenOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Boots the instances. */
  readonly nodes: NodeHost;
  /** Keeps its state in `<dataDir>/aws.jsonl`; in memory if absent. */
  readonly dataDir?: string;
  /** A /16 of loopback for external addresses: two fakes of one machine need two. */
  readonly network?: string;
  /** How many Elastic IPs the user has reserved beforehand; 3 if absent. */
  readonly reservedAddresses?: number;
  /** The access keys that open it; `demoAccessKeys` if absent. */
  readonly accessKeys?: AccessKeys;
  /** Lets access keys in that it does not know, so that a user's own credential file opens it. */
  readonly acceptUnknownKeys?: boolean;
  readonly timing?: Partial<Timing>;
}

export interface AwsFake {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  /** What `GET /_state` answers. */
  state(): AwsState;
  readonly faults: FakeServer['faults'];
  readonly calls: FakeServer['calls'];
  /** Ends an instance as if somebody had done it in the console. */
  terminate(id: string): void;
  close(): Promise<void>;
}

/** The key pair that the user has in every region from the start. */
export const demoKeyPair = 'plastron-demo';

/** EC2 on loopback: the query protocol for what Plastron and a person at its side call, with state that outlives it. */
export async function createAwsFake(options: AwsFakeOptions): Promise<AwsFake> {
  const state = openCloudState('aws', options.dataDir);
  const account = openAccount(state, {
    clock: options.clock,
    random: options.random,
    nodes: options.nodes,
    timing: { pendingMs: 200, shuttingDownMs: 200, ...options.timing },
    network: options.network ?? externalNetworks.aws,
    reservedCount: options.reservedAddresses ?? 3,
    keyPair: demoKeyPair,
  });
  const describe = (): AwsState => {
    catchUp(account);
    return describeAccount(account);
  };
  const server = await serveFake(
    {
      nameOf: (call) => paramsOf(call.body).text('Action') ?? `${call.method} ${call.url.pathname}`,
      answer: (call, fault) => answer(account, options, call, fault),
      errorReply: (status, code, message) => xml(status, errorXml(code, message, options.random.uuid())),
      state: () => ({ ...describe() }),
    },
    options.clock,
    options,
  );
  for (const instance of account.instances.all()) {
    if (instance.terminatedAt === undefined) options.nodes.powerOn(poweredMachine(account, instance));
  }
  return {
    url: server.url,
    state: describe,
    faults: server.faults,
    calls: server.calls,
    terminate(id) {
      const instance = account.instances.get(id);
      if (instance !== undefined) terminate(account, instance);
    },
    async close() {
      await server.close();
      state.close();
    },
  };
}

const xml = (status: number, body: string): Reply => ({ status, contentType: 'text/xml;charset=UTF-8', body });

function answer(account: Account, options: AwsFakeOptions, call: Call, fault: Fault | undefined): Reply {
  const requestId = options.random.uuid();
  try {
    const { region } = authenticate(call, options.accessKeys ?? demoAccessKeys, options.acceptUnknownKeys ?? false);
    const params = paramsOf(call.body);
    const name = params.required('Action');
    const action = actions[name];
    if (action === undefined) throw new Ec2Error(400, 'InvalidAction', `The action ${name} is not valid for this web service.`);
    if (params.text('DryRun') === 'true')
      throw new Ec2Error(412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
    catchUp(account);
    return xml(200, replyXml(name, requestId, action(account, { params, region, hideFor: fault?.hideFor ?? 0 })));
  } catch (error) {
    if (!(error instanceof Ec2Error)) throw error;
    return xml(error.status, errorXml(error.code, error.message, requestId));
  }
}
