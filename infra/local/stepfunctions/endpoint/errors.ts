/** An error as the AWS JSON protocol carries it: `name` is what client-sfn throws. */
export class ServiceError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export const invalidName = (name: string): ServiceError =>
  new ServiceError('InvalidName', `Invalid Name: '${name}': 1 to 80 characters, no spaces and none of ?*<>{}[]"#%\\^|~\`$&,;:/`);
export const noMachine = (arn: string): ServiceError =>
  new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
export const noExecution = (arn: string): ServiceError => new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
export const alreadyStarted = (arn: string): ServiceError =>
  new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
export const badInput = (why: string): ServiceError =>
  new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: ${why}`);
export const badToken = (): ServiceError => new ServiceError('InvalidToken', 'Invalid Token: nothing can be listed after it');
