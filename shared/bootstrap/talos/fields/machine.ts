import { legacyNetwork } from './legacy-network.ts';
import {
  certificate,
  certificateAndKey,
  count,
  flag,
  flags,
  freeForm,
  listOf,
  mapOf,
  since,
  structure,
  text,
  textMap,
  texts,
} from './shape.ts';

/** `machine:` of the v1alpha1 document, Talos 1.10 to 1.13, deprecated fields too: nodes still take them. */

const idMappings = listOf(structure({ containerID: count, hostID: count, size: count }));

const kubelet = structure({
  image: text,
  clusterDNS: texts,
  extraArgs: flags,
  extraMounts: listOf(
    structure({ destination: text, type: text, source: text, options: texts, uidMappings: idMappings, gidMappings: idMappings }),
  ),
  extraConfig: freeForm,
  credentialProviderConfig: freeForm,
  defaultRuntimeSeccompProfileEnabled: flag,
  registerWithFQDN: flag,
  nodeIP: structure({ validSubnets: texts }),
  skipNodeRegistration: flag,
  disableManifestsDirectory: flag,
});

const install = structure({
  disk: text,
  diskSelector: structure({
    size: text,
    name: text,
    model: text,
    serial: text,
    modalias: text,
    uuid: text,
    wwid: text,
    type: text,
    busPath: text,
  }),
  extraKernelArgs: texts,
  image: text,
  extensions: listOf(structure({ image: text })),
  bootloader: flag,
  wipe: flag,
  legacyBIOSSupport: flag,
  grubUseUKICmdline: since(12, flag),
});

const registries = structure({
  mirrors: mapOf(structure({ endpoints: texts, overridePath: flag, skipFallback: flag })),
  config: mapOf(
    structure({
      tls: structure({ clientIdentity: certificateAndKey, ca: text, insecureSkipVerify: flag }),
      auth: structure({ username: text, password: text, auth: text, identityToken: text }),
    }),
  ),
});

const encryption = structure({
  provider: text,
  keys: listOf(
    structure({
      static: structure({ passphrase: text }),
      nodeID: structure({}),
      kms: structure({ endpoint: text }),
      slot: count,
      tpm: structure({ checkSecurebootStatusOnEnroll: flag }),
    }),
  ),
  cipher: text,
  keySize: count,
  blockSize: count,
  options: texts,
});

const features = structure({
  rbac: flag,
  stableHostname: flag,
  kubernetesTalosAPIAccess: structure({ enabled: flag, allowedRoles: texts, allowedKubernetesNamespaces: texts }),
  apidCheckExtKeyUsage: flag,
  diskQuotaSupport: flag,
  kubePrism: structure({ enabled: flag, port: count }),
  hostDNS: structure({ enabled: flag, forwardKubeDNSToHost: flag, resolveMemberNames: flag }),
  imageCache: structure({ localEnabled: flag }),
  nodeAddressSortAlgorithm: text,
});

export const machine = structure({
  type: text,
  token: text,
  ca: certificateAndKey,
  acceptedCAs: listOf(certificate),
  certSANs: texts,
  controlPlane: structure({ controllerManager: structure({ disabled: flag }), scheduler: structure({ disabled: flag }) }),
  kubelet,
  pods: listOf(freeForm),
  network: legacyNetwork,
  disks: listOf(structure({ device: text, partitions: listOf(structure({ size: text, mountpoint: text })) })),
  install,
  files: listOf(structure({ content: text, permissions: count, path: text, op: text })),
  env: textMap,
  time: structure({ disabled: flag, servers: texts, bootTimeout: text }),
  sysctls: textMap,
  sysfs: textMap,
  registries,
  systemDiskEncryption: structure({ state: encryption, ephemeral: encryption }),
  features,
  udev: structure({ rules: texts }),
  logging: structure({ destinations: listOf(structure({ endpoint: text, format: text, extraTags: textMap })) }),
  kernel: structure({ modules: listOf(structure({ name: text, parameters: texts })) }),
  seccompProfiles: listOf(structure({ name: text, value: freeForm })),
  baseRuntimeSpecOverrides: freeForm,
  nodeLabels: textMap,
  nodeAnnotations: textMap,
  nodeTaints: textMap,
});
