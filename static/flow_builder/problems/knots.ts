// Finds the steps that wait for each other; never says what is wrong with that.

interface Visit {
  name: string;
  /** Position among its needs. */
  next: number;
}

/**
 * Names by the knot that they are in: a strongly connected component with a cycle in it (Tarjan's algorithm,
 * without recursion, for a flow may be a chain of thousands). Whoever is in no cycle is left out.
 */
export function knots(needs: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const knotOf = new Map<string, number>();
  const work: Visit[] = [];
  const lower = (name: string, by: number): void => void lowest.set(name, Math.min(lowest.get(name) ?? by, by));
  const enter = (name: string): void => {
    lowest.set(name, order.size);
    order.set(name, order.size);
    path.push(name);
    onPath.add(name);
    work.push({ name, next: 0 });
  };
  const leave = (name: string): void => {
    const parent = work.at(-1);
    const own = lowest.get(name) ?? 0;
    if (parent) lower(parent.name, own);
    if (own !== order.get(name)) return;
    const members = path.splice(path.lastIndexOf(name));
    members.forEach((member) => onPath.delete(member));
    if (members.length > 1 || needs.get(name)?.includes(name)) members.forEach((member) => knotOf.set(member, own));
  };
  for (const root of needs.keys()) {
    if (!order.has(root)) enter(root);
    for (let visit = work.at(-1); visit; visit = work.at(-1)) {
      const need = needs.get(visit.name)?.[visit.next];
      visit.next += 1;
      if (need === undefined) {
        work.pop();
        leave(visit.name);
      } else if (!order.has(need)) enter(need);
      else if (onPath.has(need)) lower(visit.name, order.get(need) ?? 0);
    }
  }
  return knotOf;
}
