import { describe, expect, it } from '@jest/globals';
import { parseCommand, UsageError } from '../../infra/move/options.ts';

const parse = (line: string, environment = {}) => parseCommand(line === '' ? [] : line.split(' '), environment);

describe('the command line of plastron', () => {
  it.each<[string, object]>([
    ['', { command: 'help' }],
    ['export --help', { command: 'help' }],
    [
      'export --data .plastron --out f',
      { command: 'export', where: { data: '.plastron' }, out: 'f', pause: true, waitSeconds: 1800, json: false },
    ],
    [
      'export --table T --region eu-central-1 --out - --no-pause --wait 60',
      { where: { table: 'T', region: 'eu-central-1', prefix: 'Plastron' }, out: '-', pause: false, waitSeconds: 60 },
    ],
    [
      'import f --table T --region r --prefix P --key arn --keep-paused --json --passphrase-file p',
      { command: 'import', file: 'f', where: { prefix: 'P', key: 'arn' }, keepPaused: true, json: true, passphraseFile: 'p' },
    ],
    ['import - --data d', { file: '-', keepPaused: false }],
  ])('understands "%s"', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it('takes the region from the environment, unless told otherwise', () => {
    expect(parse('import f --table T', { AWS_REGION: 'r' })).toMatchObject({ where: { region: 'r' } });
    expect(parse('import f --table T --region s', { AWS_REGION: 'r' })).toMatchObject({ where: { region: 's' } });
  });

  it.each([
    ['copy', 'say "export" or "import" first, not "copy"'],
    ['--data d', 'say "export" or "import" first'],
    ['export --out f', 'say which plane: --data DIR, or --table NAME --region R'],
    ['export --data d', 'say where to: --out FILE'],
    ['export f --data d', 'export takes no "f": name the file with --out'],
    ['export --data d --table T --out f', '--data and --table are two planes'],
    ['export --data d --region r --out f', 'go with --table'],
    ['export --table T --out f', 'say in which region table T is'],
    ['export --data d --out f --wait soon', '--wait takes a number of seconds, not "soon"'],
    ['export --data d --out - --json', '--json needs standard output for itself'],
    ['export --data d --out f --keep-paused', '--keep-paused is for import, not for export'],
    ['import --data d', 'say what to import'],
    ['import f g --data d', 'import takes one file, not "g" as well'],
    ['import f --data d --no-pause', '--no-pause is for export, not for import'],
    ['import f --data d --force', "Unknown option '--force'"],
  ])('says what is wrong with "%s"', (line, sentence) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(sentence);
  });
});
