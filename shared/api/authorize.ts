import { masters } from '../kinds/iam/reserved.ts';
import type { Authorize } from './call.ts';

/** For planes without RBAC: members of system:masters may do everything, everybody else only what all who are known may. */
export const mastersOnly: Authorize = async ({ user }) =>
  user.groups.includes(masters) ? { allowed: true } : { allowed: false, reason: `only members of group "${masters}" may` };
