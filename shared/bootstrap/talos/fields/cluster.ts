import {
  certificate,
  certificateAndKey,
  count,
  flag,
  flags,
  freeForm,
  keyedListOf,
  listOf,
  replaced,
  since,
  structure,
  text,
  textMap,
  texts,
} from './shape.ts';

/** `cluster:` of the v1alpha1 document, Talos 1.10 to 1.13. */

/** What the API server, the controller manager and the scheduler begin with. */
const component = {
  image: text,
  extraArgs: flags,
  extraVolumes: listOf(structure({ hostPath: text, mountPath: text, readonly: flag })),
  env: textMap,
};
const resources = structure({ requests: freeForm, limits: freeForm });

const apiServer = structure({
  ...component,
  certSANs: texts,
  disablePodSecurityPolicy: flag,
  admissionControl: keyedListOf(structure({ name: text, configuration: freeForm }), 'name'),
  auditPolicy: replaced(freeForm),
  resources,
  authorizationConfig: listOf(structure({ type: text, name: text, webhook: freeForm })),
});

const network = structure({
  cni: structure({
    name: text,
    urls: texts,
    flannel: structure({ extraArgs: texts, kubeNetworkPoliciesEnabled: since(13, flag) }),
  }),
  dnsDomain: text,
  podSubnets: replaced(texts),
  serviceSubnets: replaced(texts),
});

export const cluster = structure({
  id: text,
  secret: text,
  controlPlane: structure({ endpoint: text, localAPIServerPort: count }),
  clusterName: text,
  network,
  token: text,
  aescbcEncryptionSecret: text,
  secretboxEncryptionSecret: text,
  ca: certificateAndKey,
  acceptedCAs: listOf(certificate),
  aggregatorCA: certificateAndKey,
  serviceAccount: structure({ key: text }),
  apiServer,
  controllerManager: structure({ ...component, resources }),
  proxy: structure({ disabled: flag, image: text, mode: text, extraArgs: flags }),
  scheduler: structure({ ...component, resources, config: freeForm }),
  discovery: structure({
    enabled: flag,
    registries: structure({
      kubernetes: structure({ disabled: flag }),
      service: structure({ disabled: flag, endpoint: text }),
    }),
  }),
  etcd: structure({
    image: text,
    ca: certificateAndKey,
    extraArgs: flags,
    subnet: text,
    advertisedSubnets: texts,
    listenSubnets: texts,
  }),
  coreDNS: structure({ disabled: flag, image: text }),
  externalCloudProvider: structure({ enabled: flag, manifests: texts }),
  extraManifests: texts,
  extraManifestHeaders: textMap,
  inlineManifests: listOf(structure({ name: text, contents: text })),
  adminKubeconfig: structure({ certLifetime: text }),
  allowSchedulingOnMasters: flag,
  allowSchedulingOnControlPlanes: flag,
});
