/** Where everything is: the local Step Functions has its ARNs there, too. */
export const place = { account: '000000000000', region: 'us-east-1' };
