import { parse } from 'yaml';
import type * as z from 'zod';
import type { machineSpec } from './machine/kind.ts';
import type { RolloutSpec } from './machine/model.ts';

/** Reads out of a machine spec what a change of which means another machine. */
export function rolloutSpecOf(spec: z.output<typeof machineSpec>): RolloutSpec {
  const { value, valueFrom } = spec.providerSpec;
  return {
    versions: {
      ...(spec.versions?.kubelet !== undefined && { kubelet: spec.versions.kubelet }),
      ...(spec.versions?.controlPlane !== undefined && { controlPlane: spec.versions.controlPlane }),
    },
    providerSpec:
      value === undefined
        ? { valueFrom }
        : { ...value, status: undefined, platform: { ...value.platform, config: parsed(value.platform.config) } },
    ...(spec.configSource !== undefined && { configSource: spec.configSource }),
    ...(spec.failureDomain !== undefined && { failureDomain: spec.failureDomain }),
  };
}

/** Texts that were parsed lately: a thousand Machines of one template carry the same text. */
const lately = new Map<string, unknown>();

/** Text that is no YAML stands for itself: it is refused elsewhere, and here it only has to differ from other texts. */
function parsed(config: string): unknown {
  if (!lately.has(config)) {
    if (lately.size >= 256) lately.clear();
    lately.set(config, parseOrKeep(config));
  }
  return lately.get(config);
}

function parseOrKeep(config: string): unknown {
  try {
    return parse(config);
  } catch {
    return config;
  }
}

export { canonical } from './canonical.ts';
