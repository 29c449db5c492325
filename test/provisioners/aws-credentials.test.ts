import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refused } from '../../shared/errors.ts';
import { parseCredentials } from '../../shared/provisioners/aws/credentials.ts';

const good = '[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = sec/ret+1=\n';
const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'sec/ret+1=' };

describe('an AWS credentials file', () => {
  it.each([
    ['as aws configure writes it', good],
    ['with Windows line ends', good.replaceAll('\n', '\r\n')],
    ['without spaces, and no newline at the end', good.replaceAll(' = ', '=').trimEnd()],
    ['with comments, other keys and other profiles', `# mine\n[work]\naws_access_key_id = AKIAWORK\n\n${good}region = eu-west-1\n; end`],
  ])('is read %s', (_, text) => {
    expect(parseCredentials(text)).toEqual(keys);
  });

  it('may have a session token', () => {
    expect(parseCredentials(`${good}aws_session_token = tok==\n`)).toEqual({ ...keys, sessionToken: 'tok==' });
  });

  it.each([
    ['an empty text', '', 'no profile [default]'],
    ['another profile only', good.replace('default', 'work'), 'no profile [default]'],
    ['no secret', '[default]\naws_access_key_id = AKIAEXAMPLE\n', 'no aws_secret_access_key in [default]'],
    ['an empty key id', good.replace('AKIAEXAMPLE', ''), 'no aws_access_key_id in [default]'],
    ['a placeholder', good.replace('AKIAEXAMPLE', '{{KEY}}'), 'aws_access_key_id of the AWS credentials still holds a placeholder'],
    ['JSON', '{"aws_access_key_id": "AKIAEXAMPLE"}', 'line 1 of the AWS credentials is neither'],
    ['a key twice', `${good}aws_access_key_id = AKIAOTHER\n`, 'line 4 of the AWS credentials repeats aws_access_key_id'],
  ])('is refused when it is %s', (_, text, words) => {
    expect(() => parseCredentials(text)).toThrow(Refused);
    expect(() => parseCredentials(text)).toThrow(words);
  });

  it('is refused without a word of its values, whatever line is broken', () => {
    const line = fc.constantFrom(
      '[default]',
      'aws_access_key_id = CANARY',
      'aws_secret_access_key = CANARY x',
      'CANARY',
      '[CANARY',
      'CANARY: 1',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        try {
          parseCredentials(lines.join('\n'));
        } catch (error) {
          expect(String(error)).not.toContain('CANARY');
        }
      }),
    );
  });
});
