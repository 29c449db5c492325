import { count, flag, keyedListOf, listOf, optionalCount, since, structure, text, texts } from './shape.ts';

/** `machine.network`: what the network documents of 1.12 and later replace, and nodes still take. */

const deviceSelector = structure({
  busPath: text,
  hardwareAddr: text,
  permanentAddr: text,
  pciID: text,
  driver: text,
  physical: flag,
});

const routes = listOf(structure({ network: text, gateway: text, source: text, metric: count, mtu: count }));
const dhcpOptions = structure({ routeMetric: count, ipv4: flag, ipv6: flag, duidv6: text });
const vip = structure({ ip: text, equinixMetal: structure({ apiToken: text }), hcloud: structure({ apiToken: text }) });

const bond = structure({
  interfaces: texts,
  deviceSelectors: listOf(deviceSelector),
  arpIPTarget: texts,
  mode: text,
  xmitHashPolicy: text,
  lacpRate: text,
  adActorSystem: text,
  arpValidate: text,
  arpAllTargets: text,
  primary: text,
  primaryReselect: text,
  failOverMac: text,
  adSelect: text,
  miimon: count,
  updelay: count,
  downdelay: count,
  arpInterval: count,
  resendIgmp: count,
  minLinks: count,
  lpInterval: count,
  packetsPerSlave: count,
  numPeerNotif: count,
  tlbDynamicLb: count,
  allSlavesActive: count,
  useCarrier: flag,
  adActorSysPrio: count,
  adUserPortKey: count,
  peerNotifyDelay: count,
});

const wireguardPeer = structure({ publicKey: text, endpoint: text, persistentKeepaliveInterval: text, allowedIPs: texts });

const vlan = structure({ addresses: texts, cidr: text, routes, dhcp: flag, vlanId: count, mtu: count, vip, dhcpOptions });

const device = structure({
  interface: text,
  deviceSelector,
  addresses: texts,
  cidr: text,
  routes,
  bond,
  bridge: structure({ interfaces: texts, stp: structure({ enabled: flag }), vlan: structure({ vlanFiltering: flag }) }),
  bridgePort: structure({ master: text }),
  vlans: keyedListOf(vlan, 'vlanId'),
  mtu: count,
  dhcp: flag,
  ignore: flag,
  dummy: flag,
  dhcpOptions,
  wireguard: structure({ privateKey: text, listenPort: count, firewallMark: count, peers: listOf(wireguardPeer) }),
  vip,
});

export const legacyNetwork = structure({
  hostname: text,
  interfaces: keyedListOf(device, 'interface', 'deviceSelector'),
  nameservers: texts,
  searchDomains: texts,
  extraHostEntries: listOf(structure({ ip: text, aliases: texts })),
  kubespan: structure({
    enabled: flag,
    advertiseKubernetesNetworks: flag,
    allowDownPeerBypass: flag,
    harvestExtraEndpoints: flag,
    mtu: optionalCount,
    filters: structure({ endpoints: texts, excludeAdvertisedNetworks: since(12, texts) }),
  }),
  disableSearchDomain: flag,
});
