import { kubernetesImageComplaint } from '../contract.ts';
import { mapAt, mapsAt, textAt, textsAt } from '../value.ts';
import { cidrComplaint, dnsNameComplaint, endpointComplaint, subnetFilterComplaint } from './formats.ts';
import { checkKey, checkPair, type Subject } from './subject.ts';

export function checkCluster(subject: Subject): void {
  checkEndpoint(subject);
  checkAuthorities(subject);
  checkEtcd(subject);
  checkClusterNetwork(subject);
  checkComponents(subject);
  checkDiscovery(subject);
  checkManifests(subject);
}

function checkEndpoint(subject: Subject): void {
  const endpoint = textAt(mapAt(subject.cluster, 'controlPlane'), 'endpoint');
  const path = 'cluster.controlPlane.endpoint';
  if (endpoint === undefined) subject.report(path, 'is required', 'FieldValueRequired');
  else subject.report(path, endpointComplaint(endpoint));
}

function checkAuthorities(subject: Subject): void {
  const { cluster, controlPlane } = subject;
  if (!controlPlane && textAt(mapAt(cluster, 'ca'), 'key') !== undefined) {
    subject.report('cluster.ca.key', 'must be empty on workers', 'FieldValueForbidden');
  }
  checkPair(subject, cluster, 'ca', 'cluster.ca');
  checkPair(subject, cluster, 'aggregatorCA', 'cluster.aggregatorCA');
  checkPair(subject, mapAt(cluster, 'etcd'), 'ca', 'cluster.etcd.ca');
  checkKey(subject, textAt(mapAt(cluster, 'serviceAccount'), 'key'), 'cluster.serviceAccount.key');
}

function checkEtcd(subject: Subject): void {
  const { cluster, controlPlane } = subject;
  if (cluster.etcd === undefined) return;
  const etcd = mapAt(cluster, 'etcd');
  if (!controlPlane) subject.report('cluster.etcd', 'is for control-plane machines only', 'FieldValueForbidden');
  if (controlPlane && textAt(mapAt(etcd, 'ca'), 'crt') === undefined)
    subject.report('cluster.etcd.ca', 'is required', 'FieldValueRequired');
  const subnet = textAt(etcd, 'subnet');
  const advertised = textsAt(etcd, 'advertisedSubnets');
  if (subnet !== undefined && advertised.length > 0) {
    subject.report('cluster.etcd.subnet', 'excludes advertisedSubnets: keep advertisedSubnets', 'FieldValueForbidden');
  }
  const lists = {
    subnet: subnet === undefined ? [] : [subnet],
    advertisedSubnets: advertised,
    listenSubnets: textsAt(etcd, 'listenSubnets'),
  };
  for (const [field, subnets] of Object.entries(lists)) {
    for (const value of subnets) subject.report(`cluster.etcd.${field}`, subnetFilterComplaint(value));
  }
}

function checkClusterNetwork(subject: Subject): void {
  const network = mapAt(subject.cluster, 'network');
  const domain = textAt(network, 'dnsDomain');
  if (domain !== undefined) subject.report('cluster.network.dnsDomain', dnsNameComplaint(domain));
  for (const field of ['podSubnets', 'serviceSubnets']) {
    textsAt(network, field).forEach((subnet, i) => {
      subject.report(`cluster.network.${field}[${i}]`, cidrComplaint(subnet));
    });
  }
  if (!subject.controlPlane || network.cni === undefined) return;
  const cni = mapAt(network, 'cni');
  const [name, urls, flannel] = [textAt(cni, 'name') ?? '', textsAt(cni, 'urls'), mapAt(cni, 'flannel')];
  if (!['flannel', 'custom', 'none'].includes(name)) {
    subject.report('cluster.network.cni.name', 'must be flannel, custom or none', 'FieldValueNotSupported');
  }
  if (name !== 'custom' && urls.length > 0)
    subject.report('cluster.network.cni.urls', 'goes with name: custom only', 'FieldValueForbidden');
  for (const url of urls) subject.report('cluster.network.cni.urls', endpointComplaint(url));
  if (name !== 'flannel' && (textsAt(flannel, 'extraArgs').length > 0 || flannel.kubeNetworkPoliciesEnabled === true)) {
    subject.report('cluster.network.cni.flannel', 'goes with name: flannel only', 'FieldValueForbidden');
  }
}

function checkComponents(subject: Subject): void {
  const { cluster, contract } = subject;
  for (const component of ['apiServer', 'controllerManager', 'proxy', 'scheduler']) {
    subject.report(`cluster.${component}.image`, kubernetesImageComplaint(contract, textAt(mapAt(cluster, component), 'image')));
  }
  const apiServer = mapAt(cluster, 'apiServer');
  if (mapsAt(apiServer, 'authorizationConfig').length === 0) return;
  for (const argument of Object.keys(mapAt(apiServer, 'extraArgs'))) {
    if (argument !== 'authorization-mode' && !argument.startsWith('authorization-webhook-')) continue;
    subject.report(`cluster.apiServer.extraArgs.${argument}`, 'excludes authorizationConfig: keep one of them', 'FieldValueForbidden');
  }
}

function checkDiscovery(subject: Subject): void {
  const { cluster } = subject;
  const discovery = mapAt(cluster, 'discovery');
  const service = mapAt(discovery, 'registries', 'service');
  if (discovery.enabled !== true || service.disabled === true) return;
  const path = 'cluster.discovery.registries.service.endpoint';
  const endpoint = textAt(service, 'endpoint');
  if (endpoint !== undefined) {
    subject.report(path, endpointComplaint(endpoint));
    if (/^[^:]+:\/\/[^/]+\/./.test(endpoint)) subject.report(path, 'must have no path');
  }
  for (const field of ['id', 'secret']) {
    if (textAt(cluster, field) === undefined) subject.report(`cluster.${field}`, 'is required for discovery', 'FieldValueRequired');
  }
}

function checkManifests(subject: Subject): void {
  const { cluster } = subject;
  const names = mapsAt(cluster, 'inlineManifests').map((manifest) => textAt(manifest, 'name')?.trim() ?? '');
  names.forEach((name, i) => {
    if (name === '') subject.report(`cluster.inlineManifests[${i}].name`, 'is required', 'FieldValueRequired');
    else if (names.indexOf(name) < i) subject.report(`cluster.inlineManifests[${i}].name`, 'is there twice', 'FieldValueDuplicate');
  });
  const provider = mapAt(cluster, 'externalCloudProvider');
  const manifests = textsAt(provider, 'manifests');
  if (manifests.length > 0 && provider.enabled !== true) {
    subject.report('cluster.externalCloudProvider.manifests', 'needs enabled: true', 'FieldValueForbidden');
  }
  manifests.forEach((url, i) => {
    subject.report(`cluster.externalCloudProvider.manifests[${i}]`, endpointComplaint(url));
  });
}
