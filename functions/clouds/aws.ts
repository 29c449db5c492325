import { cloudStepDoor } from '../../shared/lambda/step.ts';
import { aws } from '../../shared/provisioners/aws/cloud.ts';
import { cloudSteps } from '../../shared/steps/cloud-steps.ts';

/** The steps that touch EC2. */
export const steps = cloudStepDoor(aws, cloudSteps);
