import { count, flag, keyedListOf, listOf, optionalCount, type Structure, since, structure, text, textMap, texts } from './shape.ts';

/** Documents of disks, registries, the runtime and security, by kind; `since`: the first minor version that knows the kind. */

const encryption = structure({
  provider: text,
  keys: listOf(
    structure({
      slot: count,
      static: structure({ passphrase: text }),
      nodeID: structure({}),
      kms: structure({ endpoint: text }),
      tpm: structure({ options: since(12, structure({ pcrs: listOf(count) })), checkSecurebootStatusOnEnroll: flag }),
      lockToState: since(11, flag),
    }),
  ),
  cipher: text,
  keySize: count,
  blockSize: count,
  options: texts,
});
const match = structure({ match: text });
const provisioning = structure({ diskSelector: match, grow: flag, minSize: text, maxSize: text });
const mount = { readOnly: flag, disableAccessTime: flag, secure: flag };

const imageVerificationRule = structure({
  image: text,
  skip: flag,
  deny: flag,
  keyless: structure({ issuer: text, subject: text, subjectRegex: text }),
  publicKey: structure({ certificate: text }),
});

export const systemDocuments: Readonly<Record<string, Structure>> = {
  EnvironmentConfig: since(13, structure({ variables: textMap })),
  EventSinkConfig: structure({ endpoint: text }),
  ExistingVolumeConfig: since(11, structure({ name: text, discovery: structure({ volumeSelector: match }), mount: structure(mount) })),
  ExtensionServiceConfig: structure({
    name: text,
    configFiles: keyedListOf(structure({ content: text, mountPath: text }), 'mountPath'),
    environment: texts,
  }),
  ExternalVolumeConfig: since(
    13,
    structure({ name: text, filesystemType: text, mount: structure({ ...mount, virtiofs: structure({ tag: text }) }) }),
  ),
  ImageVerificationConfig: since(13, structure({ rules: { ...keyedListOf(imageVerificationRule, 'image'), replacesElement: true } })),
  KmsgLogConfig: structure({ name: text, url: text }),
  OOMConfig: since(
    12,
    structure({ triggerExpression: text, cgroupRankingExpression: text, strictCgroupClassOrdering: flag, sampleInterval: text }),
  ),
  PCIDriverRebindConfig: structure({ name: text, targetDriver: text }),
  RawVolumeConfig: since(11, structure({ name: text, provisioning, encryption })),
  RegistryAuthConfig: since(12, structure({ name: text, username: text, password: text, auth: text, identityToken: text })),
  RegistryMirrorConfig: since(
    12,
    structure({ name: text, endpoints: listOf(structure({ url: text, overridePath: flag })), skipFallback: flag }),
  ),
  RegistryTLSConfig: since(
    12,
    structure({ name: text, clientIdentity: structure({ cert: text, key: text }), ca: text, insecureSkipVerify: flag }),
  ),
  SideroLinkConfig: structure({ apiUrl: text, uniqueToken: text }),
  SwapVolumeConfig: since(11, structure({ name: text, provisioning, encryption })),
  TrustedRootsConfig: structure({ name: text, certificates: text }),
  UserVolumeConfig: structure({
    name: text,
    volumeType: since(12, text),
    provisioning,
    filesystem: structure({ type: text, projectQuotaSupport: since(11, flag) }),
    encryption,
    mount: since(13, structure({ disableAccessTime: flag, secure: flag })),
  }),
  VolumeConfig: structure({ name: text, provisioning, encryption: since(11, encryption), mount: since(13, structure({ secure: flag })) }),
  WatchdogTimerConfig: structure({ device: text, timeout: text }),
  ZswapConfig: since(11, structure({ maxPoolPercent: optionalCount, shrinkerEnabled: flag })),
};
