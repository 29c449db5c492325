import { kubernetesImageComplaint } from '../contract.ts';
import { mapAt, mapsAt, numberAt, textAt, textMapAt, textsAt } from '../value.ts';
import { labelValueComplaint, qualifiedNameComplaint, subnetFilterComplaint, taintComplaint } from './formats.ts';
import { checkPair, readCertificate, type Subject } from './subject.ts';

export function checkMachine(subject: Subject): void {
  const { machine } = subject;
  if (!['init', 'controlplane', 'worker'].includes(textAt(machine, 'type') ?? '')) {
    subject.report('machine.type', 'must be controlplane or worker', 'FieldValueNotSupported');
  }
  if (textAt(machine, 'token') === undefined) subject.report('machine.token', 'is required', 'FieldValueRequired');
  checkAuthority(subject);
  checkKubelet(subject);
  checkFeatures(subject);
  checkNodeMetadata(subject);
  checkDisks(subject);
}

/** Control-plane machines issue certificates, so they need the key; workers must not have it. */
function checkAuthority(subject: Subject): void {
  const { machine, controlPlane } = subject;
  const ca = mapAt(machine, 'ca');
  const accepted = mapsAt(machine, 'acceptedCAs');
  if (textAt(ca, 'crt') === undefined && (controlPlane || accepted.length === 0)) {
    subject.report('machine.ca.crt', 'is required: the authority of the Talos API', 'FieldValueRequired');
  }
  if (controlPlane && textAt(ca, 'key') === undefined) {
    subject.report('machine.ca.key', 'is required on control-plane machines', 'FieldValueRequired');
  }
  if (!controlPlane && textAt(ca, 'key') !== undefined) {
    subject.report('machine.ca.key', 'must be empty on workers', 'FieldValueForbidden');
  }
  checkPair(subject, machine, 'ca', 'machine.ca');
  accepted.forEach((entry, i) => {
    if (!readCertificate(textAt(entry, 'crt') ?? ''))
      subject.report(`machine.acceptedCAs[${i}].crt`, 'must be the base64 of a certificate in PEM');
  });
}

/** What Talos sets in the kubelet's configuration itself. */
const ownedByTalos = [
  'apiVersion',
  'authentication',
  'authorization',
  'cgroupRoot',
  'kind',
  'kubeletCgroups',
  'port',
  'protectKernelDefaults',
  'resolvConf',
  'rotateCertificates',
  'systemCgroups',
  'staticPodPath',
  'seccompDefault',
];

function checkKubelet(subject: Subject): void {
  const kubelet = mapAt(subject.machine, 'kubelet');
  subject.report('machine.kubelet.image', kubernetesImageComplaint(subject.contract, textAt(kubelet, 'image')));
  for (const key of Object.keys(mapAt(kubelet, 'extraConfig'))) {
    if (ownedByTalos.includes(key))
      subject.report(`machine.kubelet.extraConfig.${key}`, 'is set by Talos: remove it', 'FieldValueForbidden');
  }
  textsAt(mapAt(kubelet, 'nodeIP'), 'validSubnets').forEach((subnet, i) => {
    subject.report(`machine.kubelet.nodeIP.validSubnets[${i}]`, subnetFilterComplaint(subnet));
  });
}

const roles = ['os:admin', 'os:operator', 'os:reader', 'os:etcd:backup', 'os:image:verifier', 'os:meta:writer', 'os:impersonator'];

function checkFeatures(subject: Subject): void {
  const features = mapAt(subject.machine, 'features');
  const hostDns = mapAt(features, 'hostDNS');
  if (hostDns.forwardKubeDNSToHost === true && hostDns.enabled !== true) {
    subject.report('machine.features.hostDNS.forwardKubeDNSToHost', 'needs hostDNS.enabled: true');
  }
  const access = mapAt(features, 'kubernetesTalosAPIAccess');
  if (access.enabled !== true) return;
  const path = 'machine.features.kubernetesTalosAPIAccess';
  if (!subject.controlPlane) subject.report(path, 'is for control-plane machines only', 'FieldValueForbidden');
  textsAt(access, 'allowedRoles').forEach((role, i) => {
    if (!roles.includes(role)) subject.report(`${path}.allowedRoles[${i}]`, `must be one of ${roles.join(', ')}`, 'FieldValueNotSupported');
  });
}

/** Talos keeps its own books in these. */
const reservedAnnotations = ['talos.dev/owned-labels', 'talos.dev/owned-annotations', 'talos.dev/owned-taints'];
const annotationBytes = 256 * 1024;

function checkNodeMetadata(subject: Subject): void {
  const { machine } = subject;
  for (const [key, value] of Object.entries(textMapAt(machine, 'nodeLabels'))) {
    subject.report(`machine.nodeLabels.${key}`, qualifiedNameComplaint(key) ?? labelValueComplaint(value));
  }
  const annotations = Object.entries(textMapAt(machine, 'nodeAnnotations'));
  for (const [key] of annotations) {
    const reserved = reservedAnnotations.includes(key) ? 'is kept by Talos: choose another key' : undefined;
    subject.report(`machine.nodeAnnotations.${key}`, qualifiedNameComplaint(key) ?? reserved);
  }
  if (Buffer.byteLength(annotations.flat().join('')) > annotationBytes) {
    subject.report('machine.nodeAnnotations', `all together must be at most ${annotationBytes} bytes`, 'FieldValueTooLong');
  }
  for (const [key, taint] of Object.entries(textMapAt(machine, 'nodeTaints'))) {
    subject.report(`machine.nodeTaints.${key}`, qualifiedNameComplaint(key) ?? taintComplaint(taint));
  }
}

function checkDisks(subject: Subject): void {
  const { machine } = subject;
  mapsAt(machine, 'disks').forEach((disk, i) => {
    mapsAt(disk, 'partitions')
      .slice(0, -1)
      .forEach((partition, j) => {
        const sized = /[1-9]/.test(textAt(partition, 'size') ?? '');
        if (!sized) subject.report(`machine.disks[${i}].partitions[${j}].size`, 'is required: only the last partition may take the rest');
      });
  });
  for (const partition of ['state', 'ephemeral']) {
    const encryption = mapAt(machine, 'systemDiskEncryption')[partition];
    if (encryption !== undefined) checkEncryptionKeys(subject, partition);
  }
  const images = mapsAt(mapAt(machine, 'install'), 'extensions').map((extension) => textAt(extension, 'image'));
  if (new Set(images).size < images.length) subject.report('machine.install.extensions', 'names an image twice', 'FieldValueDuplicate');
}

function checkEncryptionKeys(subject: Subject, partition: string): void {
  const path = `machine.systemDiskEncryption.${partition}.keys`;
  const keys = mapsAt(mapAt(subject.machine, 'systemDiskEncryption', partition), 'keys');
  if (keys.length === 0) subject.report(path, 'needs at least one key', 'FieldValueRequired');
  const slots = keys.map((key) => numberAt(key, 'slot'));
  keys.forEach((key, i) => {
    if (slots.indexOf(slots[i]!) < i) subject.report(`${path}[${i}].slot`, 'is in use already', 'FieldValueDuplicate');
    if (!['static', 'nodeID', 'kms', 'tpm'].some((provider) => key[provider] !== undefined)) {
      subject.report(`${path}[${i}]`, 'needs one of static, nodeID, kms, tpm', 'FieldValueRequired');
    }
  });
}
