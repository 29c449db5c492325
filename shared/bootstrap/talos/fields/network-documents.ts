import {
  count,
  type Fields,
  flag,
  listOf,
  mapOf,
  optionalCount,
  replaced,
  type Structure,
  since,
  structure,
  text,
  texts,
} from './shape.ts';

/** Documents of the network, by kind; `since`: the first minor version that knows the kind. */

const link: Fields = {
  up: flag,
  mtu: count,
  addresses: listOf(structure({ address: text, routePriority: optionalCount })),
  routes: listOf(structure({ destination: text, gateway: text, source: text, metric: count, mtu: count, table: text })),
  multicast: flag,
};
const dhcp = structure({ name: text, routeMetric: count, ignoreHostname: flag, clientIdentifier: text, duidRaw: text });

const bond = structure({
  name: text,
  hardwareAddr: text,
  links: texts,
  bondMode: text,
  miimon: optionalCount,
  updelay: optionalCount,
  downdelay: optionalCount,
  useCarrier: flag,
  xmitHashPolicy: text,
  arpInterval: optionalCount,
  arpIpTargets: texts,
  nsIp6Targets: texts,
  arpValidate: text,
  arpAllTargets: text,
  lacpRate: text,
  failOverMac: text,
  adSelect: text,
  adActorSysPrio: optionalCount,
  adUserPortKey: optionalCount,
  adLACPActive: text,
  primaryReselect: text,
  resendIGMP: optionalCount,
  minLinks: optionalCount,
  lpInterval: optionalCount,
  packetsPerSlave: optionalCount,
  numPeerNotif: optionalCount,
  tlbLogicalLb: optionalCount,
  allSlavesActive: optionalCount,
  peerNotifDelay: optionalCount,
  missedMax: optionalCount,
  ...link,
});

const rings = structure({
  rx: optionalCount,
  tx: optionalCount,
  'rx-mini': optionalCount,
  'rx-jumbo': optionalCount,
  'rx-buf-len': optionalCount,
  'cqe-size': optionalCount,
  'tx-push': flag,
  'rx-push': flag,
  'tx-push-buf-len': optionalCount,
  'tcp-data-split': flag,
});

const wireguardPeer = structure({
  publicKey: text,
  presharedKey: text,
  endpoint: text,
  persistentKeepaliveInterval: text,
  allowedIPs: texts,
});

export const networkDocuments: Readonly<Record<string, Structure>> = {
  BlackholeRouteConfig: since(13, structure({ name: text, metric: count })),
  BondConfig: since(12, bond),
  BridgeConfig: since(
    12,
    structure({
      name: text,
      hardwareAddr: text,
      links: texts,
      stp: structure({ enabled: flag }),
      vlan: structure({ filtering: flag }),
      ...link,
    }),
  ),
  DHCPv4Config: since(12, dhcp),
  DHCPv6Config: since(12, dhcp),
  DummyLinkConfig: since(12, structure({ name: text, hardwareAddr: text, ...link })),
  EthernetConfig: structure({
    name: text,
    features: mapOf(flag),
    rings,
    channels: structure({ rx: optionalCount, tx: optionalCount, other: optionalCount, combined: optionalCount }),
    wakeOnLan: since(12, texts),
  }),
  HCloudVIPConfig: since(12, structure({ name: text, link: text, apiToken: text })),
  HostnameConfig: since(12, structure({ auto: text, hostname: text })),
  KubeSpanConfig: since(
    13,
    structure({
      enabled: flag,
      advertiseKubernetesNetworks: flag,
      allowDownPeerBypass: flag,
      harvestExtraEndpoints: flag,
      mtu: optionalCount,
      filters: structure({ endpoints: texts, excludeAdvertisedNetworks: texts }),
    }),
  ),
  KubeSpanEndpointsConfig: structure({ extraAnnouncedEndpoints: texts }),
  Layer2VIPConfig: since(12, structure({ name: text, link: text })),
  LinkAliasConfig: since(12, structure({ name: text, selector: structure({ match: text }) })),
  LinkConfig: since(12, structure({ name: text, ...link })),
  NetworkDefaultActionConfig: structure({ ingress: text }),
  NetworkRuleConfig: structure({
    name: text,
    portSelector: structure({ ports: replaced(texts), protocol: text }),
    ingress: replaced(listOf(structure({ subnet: text, except: text }))),
  }),
  ResolverConfig: since(
    12,
    structure({ nameservers: listOf(structure({ address: text })), searchDomains: structure({ domains: texts, disableDefault: flag }) }),
  ),
  RoutingRuleConfig: since(
    13,
    structure({
      name: text,
      src: text,
      dst: text,
      table: text,
      action: text,
      iifName: text,
      oifName: text,
      fwMark: count,
      fwMask: count,
    }),
  ),
  StaticHostConfig: since(12, structure({ name: text, hostnames: texts })),
  TCPProbeConfig: since(13, structure({ name: text, interval: text, failureThreshold: count, endpoint: text, timeout: text })),
  TimeSyncConfig: since(
    12,
    structure({ enabled: flag, bootTimeout: text, ntp: structure({ servers: texts }), ptp: structure({ devices: texts }) }),
  ),
  VLANConfig: since(12, structure({ name: text, vlanID: count, vlanMode: text, parent: text, ...link })),
  VRFConfig: since(13, structure({ name: text, hardwareAddr: text, links: texts, table: text, ...link })),
  WireguardConfig: since(
    12,
    structure({ name: text, privateKey: text, listenPort: count, firewallMark: count, peers: listOf(wireguardPeer), ...link }),
  ),
};
