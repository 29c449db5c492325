/** The EC2 query protocol: a form goes in, XML comes out. */

/** The parameters of one call, or of one numbered part of it. */
export interface Params {
  /** `ImageId`, or `Ebs.VolumeSize`. Undefined when absent or empty. */
  text(name: string): string | undefined;
  /** Throws MissingParameter. */
  required(name: string): string;
  /** `InstanceId.1`, `InstanceId.2`, ... */
  list(name: string): string[];
  /** `Filter.1.Name`, `Filter.1.Value.1`, ...: the parameters below each number. */
  each(name: string): Params[];
  /** All of them, in a fixed order: the same parameters give the same text. */
  canonical(except: readonly string[]): string;
}

export const paramsOf = (body: string): Params => params(new Map(new URLSearchParams(body)));

function params(values: ReadonlyMap<string, string>): Params {
  const below = (prefix: string): ReadonlyMap<string, string> =>
    new Map([...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]));
  const text = (name: string): string | undefined => values.get(name) || undefined;
  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined) throw new Ec2Error(400, 'MissingParameter', `The request must contain the parameter ${name}`);
      return value;
    },
    list: (name) => [...below(`${name}.`)].sort(byNumber).map(([, value]) => value),
    each(name) {
      const numbers = new Set([...below(`${name}.`).keys()].map((key) => Number(key.split('.')[0])));
      return [...numbers].sort((a, b) => a - b).map((number) => params(below(`${name}.${number}.`)));
    },
    canonical: (except) =>
      [...values]
        .filter(([key]) => !except.includes(key))
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join('\n'),
  };
}

const byNumber = ([a]: [string, string], [b]: [string, string]): number => Number(a) - Number(b);

/** An error that EC2 answers. */
export class Ec2Error extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What a reply holds: lists become `<item>` elements, undefined is left out. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

const header = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function replyXml(action: string, requestId: string, content: { readonly [name: string]: Xml }): string {
  return `${header}<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${render({ requestId, ...content })}</${action}Response>`;
}

export function errorXml(code: string, message: string, requestId: string): string {
  return `${header}<Response>${render({ Errors: { Error: { Code: code, Message: message } }, RequestID: requestId })}</Response>`;
}

function render(value: Xml): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item: Xml) => element('item', item)).join('');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, child]) => element(name, child))
      .join('');
  return String(value).replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));
}

const element = (name: string, value: Xml): string => (value === undefined ? '' : `<${name}>${render(value)}</${name}>`);

/** Tags as replies show them. */
export const tagSet = (tags: Readonly<Record<string, string>>): Xml => Object.entries(tags).map(([key, value]) => ({ key, value }));
