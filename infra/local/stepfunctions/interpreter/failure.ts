/** Why a state failed: the error name that Retry and Catch match, and a sentence (or the JSON text that a Lambda left). */
export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** Thrown while a state is worked on; ends that state, not the interpreter. */
export class StateFailed extends Error {
  readonly failure: Failure;
  constructor(error: string, cause: string) {
    super(cause);
    this.name = error;
    this.failure = { error, cause };
  }
}

/** What the definition expects is not there or not of its type. AWS ends the execution: no Retry or Catch sees it. */
export const runtimeError = (cause: string): StateFailed => new StateFailed('States.Runtime', cause);
