import { Invalid, Refused } from '../errors.ts';
import { secret } from '../kinds/core/secret.ts';
import { systemNamespace } from '../kinds/fields.ts';
import type { Cloud, Provisioner } from '../provisioners/provisioner.ts';
import { type ReadConfig, readConfig } from '../provisioners/read-config.ts';
import type { CloudStepPorts } from './step.ts';

/** The cloud could not be opened or did not let us in: which Secret must be mended, and the version of it that did not do. */
export class CredentialsRefused extends Refused {
  readonly secret: string;
  readonly secretVersion: string;
  constructor(message: string, name: string, version: string) {
    super(message);
    this.secret = name;
    this.secretVersion = version;
  }
}

interface Opened {
  readonly version: string;
  readonly provisioner: Provisioner;
}

/** Clients are kept as long as the Secret they were opened with stands: opening one costs a token and a connection. */
const opened = new WeakMap<Cloud, Map<string, Opened>>();

export interface OpenCloud {
  readonly cloud: Cloud;
  readonly provisioner: Provisioner;
  /** Runs a call to the cloud; a refusal becomes one that names the Secret to mend. */
  ask<T>(call: (provisioner: Provisioner) => Promise<T>): Promise<T>;
}

/** Opens the platform's cloud with the credentials in its Secret. Throws CredentialsRefused, naming Secret and key. */
export async function openCloud(platform: string, ports: CloudStepPorts): Promise<OpenCloud> {
  const cloud = ports.clouds.find((c) => c.platform === platform);
  if (cloud === undefined)
    throw new Invalid(`platform.type ${platform} is not served here: write ${ports.clouds.map((c) => c.platform).join(' or ')}`);
  const { secret: name, key } = cloud.credentials;
  const found = await ports.store.get(secret, { namespace: systemNamespace, name });
  const version = found?.metadata.resourceVersion ?? 'none';
  const where = `Secret ${systemNamespace}/${name}`;
  if (found === undefined) throw new CredentialsRefused(`${where} does not exist: create it with the key ${key}`, name, version);
  const value = found.data?.[key];
  if (value === undefined || value === '') throw new CredentialsRefused(`${where} has no key ${key}: add it`, name, version);
  const refuse = (error: unknown): never => {
    throw error instanceof Refused ? new CredentialsRefused(`${where}, key ${key}: ${error.message}`, name, version) : error;
  };
  try {
    const provisioner = openOnce(cloud, version, Buffer.from(value, 'base64').toString(), ports);
    return { cloud, provisioner, ask: (call) => call(provisioner).catch(refuse) };
  } catch (error) {
    return refuse(error);
  }
}

function openOnce(cloud: Cloud, version: string, credentials: string, ports: CloudStepPorts): Provisioner {
  const endpoint = ports.endpointOf(cloud.platform);
  const place = endpoint ?? '';
  const clients = opened.get(cloud) ?? new Map<string, Opened>();
  opened.set(cloud, clients);
  const former = clients.get(place);
  if (former?.version === version) return former.provisioner;
  former?.provisioner.close();
  const provisioner = cloud.open({
    credentials,
    clock: ports.clock,
    random: ports.random,
    ...(endpoint !== undefined && { endpoint }),
    ...(ports.settings.settling !== undefined && { settlingSeconds: ports.settings.settling }),
  });
  clients.set(place, { version, provisioner });
  return provisioner;
}

/**
 * `platform.config`, which stands at the path `field`, as the cloud's schema reads it; keys that it does not know were let pass by
 * whoever applied it. Throws Invalid.
 */
export function parseConfig(cloud: Cloud, text: string, field: string): unknown {
  const { config, causes } = readOnce(cloud, text, field);
  if (causes.length === 0) return config;
  throw new Invalid(causes.map(({ field, message }) => `${field}: ${message}`).join('; '), { causes });
}

/** The machines of a set carry one text, and each of their steps asks for it. */
const readBefore = new WeakMap<Cloud, { readonly text: string; readonly field: string; readonly read: ReadConfig }>();

function readOnce(cloud: Cloud, text: string, field: string): ReadConfig {
  const before = readBefore.get(cloud);
  if (before?.text === text && before.field === field) return before.read;
  const read = readConfig(cloud, text, field);
  readBefore.set(cloud, { text, field, read });
  return read;
}
