/** What must hold at every moment, whatever goes wrong. Who sees a law broken says so; the simulation then ends. */
export interface Laws {
  /** Breaks a law: says what was seen. */
  broken(sentence: string): void;
  readonly violations: readonly string[];
}

export function createLaws(): Laws {
  const violations: string[] = [];
  return { violations, broken: (sentence) => violations.push(sentence) };
}
