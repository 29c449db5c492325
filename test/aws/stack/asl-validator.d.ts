/** What we use of asl-validator. */
declare module 'asl-validator' {
  export interface Validation {
    readonly isValid: boolean;
    errorsText(): string;
  }
  /** Changes what it is given. */
  export default function validate(definition: object): Validation;
}
