/** What a strand's paths can see. */
import type { Sight } from '../data.ts';
import type { MapItem, Run, Strand } from './run.ts';

export function sightOf(run: Run, strand: Strand, data: unknown, item = itemOf(strand)): Sight {
  return { data, chance: run.chance, context: () => contextOf(run, strand, item) };
}

/** A strand inside of an iteration sees the item of the innermost Map around it. */
function itemOf(strand: Strand): MapItem | undefined {
  return strand.item ?? (strand.fork && itemOf(strand.fork.of));
}

const time = (ms: number) => new Date(ms).toISOString();

function contextOf({ start }: Run, strand: Strand, item: MapItem | undefined): unknown {
  return {
    Execution: {
      Id: start.executionArn,
      Input: start.input,
      Name: start.name,
      RoleArn: start.roleArn,
      StartTime: time(start.at),
      RedriveCount: 0,
    },
    State: {
      EnteredTime: time(strand.enteredAt ?? start.at),
      Name: strand.state,
      RetryCount: strand.attempts.reduce((sum, each) => sum + (each ?? 0), 0),
    },
    StateMachine: { Id: start.machineArn, Name: start.machineName },
    ...(item && { Map: { Item: item } }),
  };
}
