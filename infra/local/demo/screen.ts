/** How a person follows what goes on: a line for each step, and a bar while one waits. */
export interface Screen {
  /** A step begins. */
  begin(title: string): void;
  /** How far the step is, from 0 to 1. */
  progress(share: number, says: string): void;
  /** The step holds; `details` are shown below it. */
  holds(says: string, details?: string): void;
  /** The step does not hold. */
  fails(why: string): void;
  say(text: string): void;
}

interface ScreenOptions {
  readonly out: NodeJS.WriteStream;
  /** ms since 1970. */
  now(): number;
  /** One line of JSON for each step instead. */
  readonly json: boolean;
}

const width = 24;

/** Colours and a moving bar only on a terminal; elsewhere one plain line for each step. */
export function createScreen({ out, now, json }: ScreenOptions): Screen {
  const started = now();
  let title = '';
  let began = started;
  const isTerminal = out.isTTY === true && !json;
  const paint = (code: number, text: string): string => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const clear = (): void => void (isTerminal && out.write('\r\u001b[2K'));
  const line = (mark: string, says: string): void => {
    clear();
    out.write(
      `${mark} ${title.padEnd(34)} ${says.padEnd(46)} ${paint(2, `${seconds(now() - began).padStart(7)}  ${seconds(now() - started).padStart(7)}`)}\n`,
    );
  };
  const report = (holds: boolean, says: string): void =>
    void out.write(`${JSON.stringify({ step: title, holds, says, seconds: (now() - began) / 1000 })}\n`);

  return {
    begin(next) {
      title = next;
      began = now();
      if (isTerminal) out.write(`  ${title}`);
    },
    progress(share, says) {
      if (!isTerminal) return;
      const full = Math.round(Math.min(1, Math.max(0, share)) * width);
      out.write(
        `\r\u001b[2K  ${title.padEnd(34)} ${paint(36, '█'.repeat(full))}${paint(2, '░'.repeat(width - full))} ${says}  ${seconds(now() - began)}`,
      );
    },
    holds(says, details) {
      if (json) return report(true, says);
      line(paint(32, '✔'), says);
      if (details !== undefined) out.write(`${details.trimEnd().replace(/^/gm, '    ')}\n`);
    },
    fails(why) {
      if (json) return report(false, why);
      clear();
      out.write(`${paint(31, '✘')} ${title}: ${why}\n`);
    },
    say(text) {
      if (!json) out.write(`${text}\n`);
    },
  };
}
