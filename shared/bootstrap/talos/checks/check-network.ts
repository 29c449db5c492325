import type { ConfigDocument } from '../documents.ts';
import { mapAt, mapsAt, textAt, textsAt, type ValueMap } from '../value.ts';
import { cidrComplaint, subnetFilterComplaint } from './formats.ts';
import type { Subject } from './subject.ts';

/** What concerns the machine's own network, in the old section and in the documents that replace it. */
export function checkNetwork(subject: Subject): void {
  const find = (kind: string) => subject.documents.find((document) => document.kind === kind);
  checkHostname(subject, find('HostnameConfig'));
  checkKubeSpan(subject, find('KubeSpanConfig'));
  checkInterfaces(subject);
  if (subject.controlPlane) return;
  for (const { kind, name } of subject.documents) {
    if (kind === 'Layer2VIPConfig') subject.report(`${kind}/${name}`, sharedAddress, 'FieldValueForbidden');
  }
}

const sharedAddress = 'a shared address is for control-plane machines only';

function checkHostname(subject: Subject, document: ConfigDocument | undefined): void {
  if (!document) return;
  const { auto } = document.value;
  const hostname = textAt(document.value, 'hostname');
  if (auto === undefined && hostname === undefined) {
    subject.report('HostnameConfig', 'needs auto: stable, or a hostname', 'FieldValueRequired');
  }
  if (auto !== undefined && auto !== 'stable' && auto !== 'off') {
    subject.report('HostnameConfig.auto', 'must be stable or off', 'FieldValueNotSupported');
  }
  if (hostname !== undefined && auto === 'stable') {
    subject.report('HostnameConfig.hostname', 'excludes auto: stable; write auto: off beside it', 'FieldValueForbidden');
  }
  if (hostname !== undefined && (hostname.length > 253 || !/^[^.]{1,63}(\.|$)/.test(hostname))) {
    subject.report('HostnameConfig.hostname', 'must be at most 253 characters, and 63 before the first dot', 'FieldValueTooLong');
  }
  if (textAt(mapAt(subject.machine, 'network'), 'hostname') !== undefined) {
    subject.report('machine.network.hostname', 'excludes the document HostnameConfig: remove one of them', 'FieldValueForbidden');
  }
  if (mapAt(subject.machine, 'features').stableHostname === true) {
    subject.report('machine.features.stableHostname', 'excludes the document HostnameConfig: remove it', 'FieldValueForbidden');
  }
}

/** 1280 bytes is what IPv6 needs of any link. */
const smallestMtu = 1280;

function checkKubeSpan(subject: Subject, document: ConfigDocument | undefined): void {
  const legacy = mapAt(subject.machine, 'network').kubespan;
  if (document && legacy !== undefined) {
    subject.report('machine.network.kubespan', 'excludes the document KubeSpanConfig: remove it', 'FieldValueForbidden');
  }
  const path = document ? 'KubeSpanConfig' : 'machine.network.kubespan';
  const kubeSpan: ValueMap = document?.value ?? mapAt(subject.machine, 'network', 'kubespan');
  if (kubeSpan.enabled !== true) return;
  if (mapAt(subject.cluster, 'discovery').enabled !== true) subject.report(`${path}.enabled`, 'needs cluster.discovery.enabled: true');
  if (typeof kubeSpan.mtu === 'number' && kubeSpan.mtu < smallestMtu) subject.report(`${path}.mtu`, `must be at least ${smallestMtu}`);
  const filters = mapAt(kubeSpan, 'filters');
  textsAt(filters, 'endpoints').forEach((filter, i) => {
    subject.report(`${path}.filters.endpoints[${i}]`, subnetFilterComplaint(filter));
  });
  textsAt(filters, 'excludeAdvertisedNetworks').forEach((prefix, i) => {
    subject.report(`${path}.filters.excludeAdvertisedNetworks[${i}]`, cidrComplaint(prefix));
  });
}

function checkInterfaces(subject: Subject): void {
  mapsAt(mapAt(subject.machine, 'network'), 'interfaces').forEach((device, i) => {
    const path = `machine.network.interfaces[${i}]`;
    if (device.ignore !== true && (textAt(device, 'interface') === undefined) === (device.deviceSelector === undefined)) {
      subject.report(path, 'needs either interface or deviceSelector');
    }
    if (device.bond !== undefined && device.bridge !== undefined) subject.report(path, 'cannot be both bond and bridge');
    const shared = [device, ...mapsAt(device, 'vlans')].some(({ vip }) => vip !== undefined);
    if (shared && !subject.controlPlane) subject.report(`${path}.vip`, sharedAddress, 'FieldValueForbidden');
  });
}
