import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock as clock } from '../../system.ts';
import { kubectl } from '../kubectl/kubectl.ts';
import { type PlaneProcess, startPlaneProcess } from './plane-process.ts';
import { createScreen, type Screen } from './screen.ts';
import { type Stage, story } from './story.ts';

const help = `Replays the story of "Clusters All The Way Down" on this machine, and checks each step as it goes.

  npm run demo -- [--boot-seconds S] [--one-address] [--keep] [--json]

  --boot-seconds S   how long a fake instance takes to boot (1)
  --one-address      reach all masters through ports of 127.0.0.1, as it is where nothing else answers (macOS)
  --keep             keep the data directory and say where it is
  --json             one line of JSON for each step

Ends with 0 when every step holds, else with 1 and the step that does not.`;

function stageOf(plane: PlaneProcess, directory: string, screen: Screen): Stage {
  return {
    endpoints: plane.endpoints,
    plane: kubectl({ kubeconfig: plane.kubeconfig }),
    write(name, text) {
      const path = join(directory, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
    async until(seconds, look) {
      const deadline = clock.now() + seconds * 1000;
      for (;;) {
        const { share, says } = await look();
        if (share >= 1) return;
        if (clock.now() > deadline) throw new Error(`after ${seconds} s: ${says}`);
        screen.progress(share, says);
        await clock.sleep(200);
      }
    },
  };
}

/** True when every step held. */
async function play(directory: string, args: readonly string[], screen: Screen): Promise<boolean> {
  let plane: PlaneProcess | undefined;
  try {
    screen.begin('the plane, in one process');
    plane = await startPlaneProcess(join(directory, 'data'), args);
    screen.holds(plane.endpoints.api);
    const stage = stageOf(plane, directory, screen);
    for (const { title, tell } of story) {
      screen.begin(title);
      const { says, details } = await tell(stage);
      screen.holds(says, details);
    }
    screen.begin('the plane stops');
    await plane.stop();
    screen.holds('cleanly');
    return true;
  } catch (error) {
    screen.fails(error instanceof Error ? error.message : String(error));
    await plane?.kill();
    return false;
  }
}

const { values } = parseArgs({
  options: {
    'boot-seconds': { type: 'string', default: '1' },
    'one-address': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(`${help}\n`);
else {
  const directory = mkdtempSync(join(tmpdir(), 'plastron-demo-'));
  const screen = createScreen({ out: process.stdout, now: () => clock.now(), json: values.json });
  const args = ['--boot-seconds', values['boot-seconds'], ...(values['one-address'] ? ['--one-address'] : [])];
  const held = await play(directory, args, screen);
  if (values.keep || !held) screen.say(`data and log: ${directory}`);
  else rmSync(directory, { recursive: true, force: true });
  process.exitCode = held ? 0 : 1;
}
