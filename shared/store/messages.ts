import { AlreadyExists, Conflict, NotFound } from '../errors.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject, ObjectName } from '../kinds/object.ts';

/** Kubernetes' own words, so that clients which read them understand. */

const plural = ({ plural, group }: Kind): string => (group === '' ? plural : `${plural}.${group}`);

export const isTaken = (kind: Kind, { name }: Pick<ObjectName, 'name'>): AlreadyExists =>
  new AlreadyExists(`${plural(kind)} "${name}" already exists`);

export const isGone = (kind: Kind, { name }: Pick<ObjectName, 'name'>): NotFound => new NotFound(`${plural(kind)} "${name}" not found`);

export const isAnother = (kind: Kind, { metadata }: KubeObject, stored: number): Conflict =>
  new Conflict(
    `Operation cannot be fulfilled on ${plural(kind)} "${metadata.name}": the object has been modified; please apply your changes to the ` +
      `latest version and try again (version ${metadata.resourceVersion} was read, ${stored} is stored)`,
  );
