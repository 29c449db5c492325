import { keys } from '../../../shared/kinds/fields.ts';
import { configMapNamed, paths } from '../harness.ts';
import { type Guarded, openGuarded } from './guarded.ts';

/** No answer to bob may hold this. */
export const canary = 'c4n4ry';
export const sensitive = { [keys.sensitive]: 'true' };

/** A ConfigMap that holds keys, and a copy of them in an annotation, as `kubectl apply` leaves it. */
export const keyFile = (name: string, labels: Record<string, string> = sensitive) => ({
  ...configMapNamed(name, { talosconfig: canary }),
  metadata: { name, labels, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': canary } },
});

/** A plane with a Secret, a sensitive ConfigMap `keys` and a plain one; bob has `view`, or what else he is given. */
export async function openWithSecrets(...rules: object[]): Promise<Guarded> {
  const guarded = await openGuarded();
  const root = guarded.as('root');
  const data = { key: Buffer.from(canary).toString('base64') };
  await root('POST', paths.secrets, { metadata: { name: 'secret', annotations: { note: canary } }, data });
  await root('POST', paths.configMaps, keyFile('keys'));
  await root('POST', paths.configMaps, configMapNamed('plain', { a: 'b' }));
  await guarded.give('bob', 'view');
  if (rules.length > 0) await guarded.grant('bob', ...rules);
  return guarded;
}
