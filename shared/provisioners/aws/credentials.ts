import { Refused } from '../../errors.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const want = 'write it as `aws configure` does: [default], aws_access_key_id = ..., aws_secret_access_key = ...';

/**
 * Reads the `[default]` profile of a shared credentials file (INI). Throws Refused with what is missing and where; never
 * with a word of the file, since any of them may be the secret.
 */
export function parseCredentials(text: string): AwsCredentials {
  const profile = readDefaultProfile(text);
  const required = (key: string): string => {
    const value = profile.get(key);
    if (value === undefined || value === '') throw new Refused(`the AWS credentials have no ${key} in [default]: ${want}`);
    if (/[{}<>\s]/.test(value))
      throw new Refused(`${key} of the AWS credentials still holds a placeholder or a space: write the key itself`);
    return value;
  };
  const sessionToken = profile.get('aws_session_token');
  return {
    accessKeyId: required('aws_access_key_id'),
    secretAccessKey: required('aws_secret_access_key'),
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function readDefaultProfile(text: string): Map<string, string> {
  const profile = new Map<string, string>();
  let section: string | undefined;
  let found = false;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const header = /^\[\s*(?:profile\s+)?([^\]]+?)\s*\]$/.exec(line);
    if (header !== null) {
      section = header[1];
      found ||= section === 'default';
      continue;
    }
    const [, key, value] = /^([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) throw new Refused(`line ${index + 1} of the AWS credentials is neither a [profile] nor key = value: ${want}`);
    if (section !== 'default') continue;
    if (profile.has(key)) throw new Refused(`line ${index + 1} of the AWS credentials repeats ${key}: keep one`);
    profile.set(key, value ?? '');
  }
  if (!found) throw new Refused(`the AWS credentials have no profile [default]: ${want}`);
  return profile;
}
