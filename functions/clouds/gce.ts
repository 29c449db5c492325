import { cloudStepDoor } from '../../shared/lambda/step.ts';
import { loadClients } from '../../shared/provisioners/gce/clients.ts';
import { gce } from '../../shared/provisioners/gce/cloud.ts';
import { cloudSteps } from '../../shared/steps/cloud-steps.ts';

// Half a second that the start of a Lambda has, and its first machine has not.
await loadClients(undefined);

/** The steps that touch Compute Engine. */
export const steps = cloudStepDoor(gce, cloudSteps);
