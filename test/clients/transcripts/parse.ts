/** One command of a transcript, and what it has to do. */
export interface Step {
  /** Where it stands: `get.txt:12`. */
  readonly at: string;
  /** For a POSIX shell. */
  readonly command: string;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly code: number;
  /** What it asks of the server, in order; undefined: that is not looked at. */
  readonly requests: readonly string[] | undefined;
}

const tag = /^\[(?:1\.(?<only>\d+)|(?:from 1\.(?<from>\d+))? ?(?:to 1\.(?<to>\d+))?)\](?: |$)/;

/**
 * The steps of a transcript that are for `kubectl 1.<minor>`. A transcript looks as in a terminal:
 *
 *     # Remarks begin like this.
 *     $ kubectl get machine x
 *     > GET /apis/cluster.k8s.io/v1alpha1/namespaces/default/machines/x
 *     ! Error from server (NotFound): machines.cluster.k8s.io "x" not found
 *     exit 1
 *
 * `$` is a command, `\` at its end goes on in the next line; `>` a request; `!` a line of stderr, any other line one of
 * stdout; `exit` a code that is not 0. A line that begins with `[from 1.33]`, `[to 1.31]`, both
 * or `[1.29]` is for those versions only.
 */
export function parseTranscript(name: string, text: string, minor: number): Step[] {
  const steps: Mutable[] = [];
  let isCommand = false;
  for (const [index, whole] of text.split('\n').entries()) {
    const tagged = tag.exec(whole);
    const { only, from = only, to = only } = tagged?.groups ?? {};
    const line = whole.slice(tagged?.[0].length ?? 0);
    const isOurs = Number(from ?? 0) <= minor && minor <= Number(to ?? minor);
    const step = steps.at(-1);
    if (isCommand && step !== undefined) step.command = `${step.command.slice(0, -1)}${line.trim()}`;
    else if (line.startsWith('$ ')) steps.push({ ...nothing(), at: `${name}:${index + 1}`, command: line.slice(2), isOurs });
    else if (isOurs && step !== undefined && !line.startsWith('# ')) addTo(step, line);
    isCommand = (isCommand || line.startsWith('$ ')) && line.endsWith('\\');
  }
  return steps.filter(({ isOurs }) => isOurs).map(({ isOurs: _, ...step }) => ({ ...step, stdout: withoutEnd(step.stdout) }));
}

interface Mutable {
  at: string;
  command: string;
  stdout: string[];
  stderr: string[];
  code: number;
  requests: string[] | undefined;
  isOurs: boolean;
}

const nothing = () => ({ stdout: [], stderr: [], code: 0, requests: undefined });

function addTo(step: Mutable, line: string): void {
  if (line.startsWith('> ')) step.requests = [...(step.requests ?? []), line.slice(2)];
  else if (line.startsWith('! ') || line === '!') step.stderr.push(line.slice(2));
  else if (/^exit \d+$/.test(line)) step.code = Number(line.slice(5));
  else step.stdout.push(line);
}

/** Blank lines before the next command are none of the output's. */
const withoutEnd = (lines: readonly string[]): string[] => lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
