/** The value of an intrinsic function. */
import type { Chance } from '../chance.ts';
import { StateFailed } from '../failure.ts';
import type { Path } from '../paths/path.ts';
import { BadArgument } from './arguments.ts';
import type { Call, Expression } from './expression.ts';
import { functions } from './functions.ts';

/** How an expression reads its surroundings. */
export interface Surroundings {
  read(path: Path): unknown;
  readonly chance: Chance;
}

export function evaluate(call: Call, surroundings: Surroundings): unknown {
  const args = call.args.map((arg, i) => argumentValue(arg, surroundings, call.name === 'States.Format' && i === 0));
  try {
    return functions[call.name]!.call(args, surroundings.chance);
  } catch (error) {
    if (!(error instanceof BadArgument)) throw error;
    throw new StateFailed('States.IntrinsicFailure', `${call.name}: ${error.message}`);
  }
}

function argumentValue(arg: Expression, surroundings: Surroundings, isTemplate: boolean): unknown {
  switch (arg.kind) {
    case 'value':
      return arg.value;
    case 'path':
      return surroundings.read(arg.path);
    case 'call':
      return evaluate(arg, surroundings);
    case 'text':
      return isTemplate ? arg.text : arg.text.replace(/\\(.)/gs, '$1');
  }
}
