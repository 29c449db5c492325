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

/** Text that is no YAML stands for itself: it is refused elsewhere, and here it only has to differ from other texts. */
function parsed(config: string): unknown {
  try {
    return parse(config);
  } catch {
    return config;
  }
}

/** JSON with sorted keys and without what is absent: equal texts mean equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([, v]) => v !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : part,
  );
}
