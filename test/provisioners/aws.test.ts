import { awsHarness } from './aws-harness.ts';
import { provisionerConformance } from './conformance.ts';

provisionerConformance('aws', awsHarness);
