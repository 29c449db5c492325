import type { Cause } from '../../../errors.ts';
import type { Contract } from '../contract.ts';
import { type ConfigDocument, mainKind, mainOf, refuse } from '../documents.ts';
import { mapAt } from '../value.ts';
import { checkCluster } from './check-cluster.ts';
import { checkMachine } from './check-machine.ts';
import { checkNetwork } from './check-network.ts';
import type { Subject } from './subject.ts';

/** Refuses a config that decodes but that a node would not run: throws Invalid with every fault and its field. */
export function checkDocuments(documents: readonly ConfigDocument[], contract: Contract): void {
  const causes: Cause[] = [];
  const main = mainOf(documents);
  const machine = mapAt(main, 'machine');
  const subject: Subject = {
    contract,
    documents,
    machine,
    cluster: mapAt(main, 'cluster'),
    controlPlane: machine.type === 'controlplane' || machine.type === 'init',
    report(field, complaint, reason = 'FieldValueInvalid') {
      if (complaint !== undefined) causes.push({ field, message: complaint, reason });
    },
  };
  if (documents.every(({ kind }) => kind !== mainKind)) subject.report('', 'there is no document with machine and cluster');
  else if (main.machine === undefined) subject.report('machine', 'is required', 'FieldValueRequired');
  else {
    if (main.persist === false) subject.report('persist', 'must be true');
    checkMachine(subject);
    if (main.cluster === undefined) subject.report('cluster', 'is required', 'FieldValueRequired');
    else checkCluster(subject);
    checkNetwork(subject);
  }
  refuse('machine config', causes);
}
