/** A token as `aws eks get-token` makes it, but for the signature, which this account's STS does not look at. */
export function presignedToken(accessKey: string, now: Date): string {
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKey}/${date.slice(0, 8)}/us-east-1/sts/aws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Signature': '0'.repeat(64),
  });
  return `k8s-aws-v1.${Buffer.from(`https://sts.us-east-1.amazonaws.com/?${query}`).toString('base64url')}`;
}
