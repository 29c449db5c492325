/** From a definition as it is written to one that can be run. */
import { type Cause, Invalid } from '../../../../../shared/errors.ts';
import type { StateMachine } from '../../../../../shared/kinds/states-language.ts';
import { wrongReferences } from './references.ts';
import { stateMachine } from './shape.ts';

/** Fills in `${Placeholders}`, as CDK's DefinitionSubstitutions do. */
export function substitute(definition: unknown, substitutions: Readonly<Record<string, string>>): unknown {
  return JSON.parse(JSON.stringify(definition), (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/\$\{(\w+)\}/g, (found, name: string) => substitutions[name] ?? found) : value,
  );
}

/** All that keeps a definition from being run here. */
export function faultsOf(definition: unknown): readonly Cause[] {
  const shape = stateMachine.safeParse(definition);
  if (!shape.success) return shape.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  return [...wrongReferences(definition as StateMachine, ''), ...unfilled(definition)];
}

function unfilled(definition: unknown): Cause[] {
  const placeholders = new Set(JSON.stringify(definition).match(/\$\{\w+\}/g));
  return [...placeholders].map((placeholder) => ({ field: '', message: `nothing is given to fill in ${placeholder}` }));
}

/**
 * The definition, checked and filled in.
 * @throws Invalid with the fields that this interpreter cannot run.
 */
export function loadStateMachine(name: string, definition: unknown, substitutions: Readonly<Record<string, string>> = {}): StateMachine {
  const filled = substitute(definition, substitutions);
  const causes = faultsOf(filled);
  if (causes.length === 0) return filled as StateMachine;
  const list = causes.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
  throw new Invalid(`The state machine ${name} cannot be run: ${list}`, { causes });
}
