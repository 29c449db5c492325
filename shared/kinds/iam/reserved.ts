/** The group that may do everything. */
export const masters = 'system:masters';

/** Names of users and groups that Kubernetes keeps for itself, `system:node:x` among them. */
export const isReserved = (name: string): boolean => name.startsWith('system:');
