/** What a user name can tell of somebody. */
export interface Session {
  /** Twelve digits. */
  readonly account: string;
  /** The session's name, if it is one of a role. */
  readonly session?: string;
}

const sessionName = '{{SessionName}}';

export const namesSession = (template: string): boolean => template.includes(sessionName);

/** The templates in a user name that are none of ours. */
export const unknownTemplates = (template: string): string[] =>
  (template.match(/\{\{.*?\}\}/g) ?? []).filter((found) => found !== '{{AccountID}}' && found !== sessionName);

/**
 * The user name for somebody; undefined: it names a session, and there is none. As in aws-iam-authenticator, `@` in a
 * session's name becomes `-`. Whoever assumes a role chooses the name of the session: it tells apart people who do not
 * lie, and proves nothing.
 */
export function usernameOf(template: string, { account, session }: Session): string | undefined {
  if (namesSession(template) && session === undefined) return undefined;
  // In one pass, so that what a caller chose is never read as a template.
  return template.replace(/\{\{(AccountID|SessionName)\}\}/g, (_, what) =>
    what === 'AccountID' ? account : session!.replaceAll('@', '-'),
  );
}
