import type { Routes } from '../../../infra/aws/stack/routes.ts';

/**
 * The entry that answers a path, chosen as strictly as API Gateway could: part by part, a part as it stands before a variable, a variable before
 * the greedy one, and never back. Undefined: nobody answers.
 */
export function choose(routes: Routes, path: string): string | undefined {
  const nodes = new Set([...routes.keys()].flatMap(withAncestors));
  const parts = path.split('/').filter((part) => part !== '');
  let at = '';
  for (const part of parts) {
    const children = [...nodes].filter((node) => node.startsWith(`${at}/`) && !node.slice(at.length + 1).includes('/'));
    const next = children.find((node) => node === `${at}/${part}`) ?? children.find((node) => /\/\{\w+\}$/.test(node));
    if (next === undefined) return routes.get(`${at}/{proxy+}`);
    at = next;
  }
  return routes.get(at === '' ? '/' : at);
}

const withAncestors = (path: string): string[] => path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));
