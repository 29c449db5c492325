interface Waiting {
  readonly age: number;
  readonly enter: () => void;
}

/**
 * Runs at most so many calls at once, those of the execution that began first before all others. On AWS every call has a
 * Lambda to itself; on one processor a hundred executions that take turns would all be half done for as long as all of them take.
 */
export function createOldestFirst({ atOnce }: { readonly atOnce: number }) {
  const ages = new Map<string, number>();
  const waiting: Waiting[] = [];
  let begun = 0;
  let running = 0;

  function ageOf(execution: string): number {
    const age = ages.get(execution) ?? begun++;
    ages.set(execution, age);
    return age;
  }

  /** Hands the place on, so that nobody slips in between. */
  function leave(): void {
    if (waiting.length === 0) return void running--;
    let oldest = 0;
    for (const [at, { age }] of waiting.entries()) if (age < (waiting[oldest]?.age ?? 0)) oldest = at;
    waiting.splice(oldest, 1)[0]?.enter();
  }

  return {
    async run<T>(execution: string, call: () => Promise<T>): Promise<T> {
      const age = ageOf(execution);
      if (running < atOnce) running++;
      else await new Promise<void>((enter) => waiting.push({ age, enter }));
      try {
        return await call();
      } finally {
        leave();
      }
    },
    /** The execution has ended. */
    forget: (execution: string): void => void ages.delete(execution),
  };
}
