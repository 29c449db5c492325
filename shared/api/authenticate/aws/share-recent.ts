/**
 * Asks once for each key: who asks the same, meanwhile or later, shares the answer. A failure is not kept; beyond `most`
 * the oldest is forgotten.
 */
export function shareRecent<Value>(most: number): (key: string, ask: () => Promise<Value>) => Promise<Value> {
  const shared = new Map<string, Promise<Value>>();
  return (key, ask) => {
    const known = shared.get(key);
    if (known !== undefined) return known;
    const asked = ask();
    shared.set(key, asked);
    asked.catch(() => shared.get(key) === asked && shared.delete(key));
    const [oldest] = shared.size > most ? shared.keys() : [];
    if (oldest !== undefined) shared.delete(oldest);
    return asked;
  };
}
