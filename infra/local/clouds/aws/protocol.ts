import type { Account } from './account.ts';
import type { Params, Xml } from './wire.ts';

export interface ActionRequest {
  readonly params: Params;
  /** From the call's signature. */
  readonly region: string;
  /** How many reads are not to see what the call makes. */
  readonly hideFor: number;
}

/** One action of EC2: answers the content of its reply, or throws an Ec2Error. */
export type Action = (account: Account, request: ActionRequest) => { readonly [name: string]: Xml };
