import { cloudStepDoor } from '../../shared/lambda/step.ts';
import { gce } from '../../shared/provisioners/gce/cloud.ts';
import { cloudSteps } from '../../shared/steps/cloud-steps.ts';

/** The steps that touch Compute Engine. */
export const steps = cloudStepDoor(gce, cloudSteps);
