/** Names of resources, in an account that nobody has. */
const account = 'us-east-1:000000000000';

export const machineArn = (name: string): string => `arn:aws:states:${account}:stateMachine:${name}`;
export const executionArn = (machine: string, name: string): string => `arn:aws:states:${account}:execution:${machine}:${name}`;
export const roleArn = 'arn:aws:iam::000000000000:role/plastron-local';
