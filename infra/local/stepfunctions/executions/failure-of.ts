/** What a task's error looks like to a state machine. */
import type { Failure } from '../interpreter/failure.ts';

/** As Lambda reports an error of a Node function, but without a stack: histories are for operators. */
export function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { error: name, cause: JSON.stringify({ errorType: name, errorMessage: message, trace: [] }) };
}
