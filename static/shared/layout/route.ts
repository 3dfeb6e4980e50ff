// The path of an arrow from one environment to the next, in right angles with round corners.

export interface Point {
  x: number;
  y: number;
}

/** Where an arrow passes a layer between its ends: comes in at the left and goes on at the right, or the other way round to go back. */
export interface Lane {
  left: number;
  right: number;
  y: number;
}

const RADIUS = 8;
const TURN = 14;

/** Arrows of one source share the line behind it, `turn` pixels long. */
export function routeEdge(from: Point, to: Point, lanes: readonly Lane[], turn = TURN): string {
  const corners: Point[] = [from];
  let { x, y } = from;
  const moveTo = (turnAt: number, height: number): void => {
    if (Math.abs(height - y) < 1) return;
    corners.push({ x: turnAt, y }, { x: turnAt, y: height });
    y = height;
  };
  for (const lane of lanes) {
    moveTo(x + turn, lane.y);
    x = lane.right;
  }
  moveTo(x + turn, to.y);
  corners.push({ x: to.x, y });
  return rounded(corners);
}

/** The same way with sharp corners, for a picture so small that nobody sees round ones. */
export function sketchEdge(from: Point, to: Point, lanes: readonly Lane[], turn = TURN): string {
  let { x, y } = from;
  let path = `M${x} ${y}`;
  const moveTo = (height: number): void => {
    if (height !== y) path += `H${x + turn}V${height}`;
    y = height;
  };
  for (const lane of lanes) {
    moveTo(lane.y);
    x = lane.right;
  }
  moveTo(to.y);
  return `${path}H${to.x}`;
}

function rounded(corners: readonly Point[]): string {
  const [first, ...rest] = corners;
  if (!first) return "";
  const parts = [`M${first.x} ${first.y}`];
  rest.forEach((corner, at) => {
    const before = corners[at];
    const after = rest[at + 1];
    if (!before || !after) {
      parts.push(`L${corner.x} ${corner.y}`);
      return;
    }
    const step = (from: Point, to: Point): { dx: number; dy: number; length: number } => {
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      return { dx: (to.x - from.x) / (length || 1), dy: (to.y - from.y) / (length || 1), length };
    };
    const into = step(before, corner);
    const out = step(corner, after);
    const radius = Math.min(RADIUS, into.length / 2, out.length / 2);
    parts.push(`L${corner.x - into.dx * radius} ${corner.y - into.dy * radius}`);
    parts.push(`Q${corner.x} ${corner.y} ${corner.x + out.dx * radius} ${corner.y + out.dy * radius}`);
  });
  return parts.join(" ");
}
