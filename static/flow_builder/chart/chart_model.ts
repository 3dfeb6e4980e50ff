// What the chart shows of a flow: nodes with their places, arrows with their paths; reads, never changes.
import type { Application, Environment, Kind, Preview, PreviewEnvironment, Setting } from "../../shared/records";
import type { Problem } from "../../shared/manifest/manifest_text";
import { edgeId, layoutFlow, type LayoutEdge } from "../../shared/layout/flow_layout";
import { routeEdge, type Point } from "../../shared/layout/route";
import { drawnSteps, type Flow, type PolicyKey, type Step } from "../model/flow";

export const NODE = { width: 148, height: 56, dock: 86, gap: 18 };
const STEP_WIDTH = NODE.dock + NODE.gap + NODE.width;
const SPACING = { layers: 46, nodes: 76 };

/** What decides a setting of a step: the text itself, a policy that the preview names, or nothing known yet. */
export interface Decided {
  value: string | undefined;
  by: "flow" | "policy" | "default" | "unset";
  policy: string | undefined;
}

export interface ChartNode {
  id: string;
  kind: Kind | undefined;
  trigger: boolean;
  step: Step | undefined;
  policy: Record<PolicyKey, Decided>;
  postTrigger: string;
  /** Versions that run there now, where a product is chosen. */
  version: string | undefined;
  /** The chosen product that has no application there; undefined where it has one, or nobody knows. */
  missing: string | undefined;
  /** First problem of the step itself, and of its settings by key. */
  problem: string | undefined;
  policyProblems: Partial<Record<PolicyKey, string>>;
  at: Point;
  width: number;
}

export interface ChartEdge extends LayoutEdge {
  id: string;
  path: string;
  /** Where the arrow arrives. */
  end: Point;
}

export interface Chart {
  nodes: ChartNode[];
  edges: ChartEdge[];
}

function decided(inline: string | undefined, setting: Setting | null | undefined): Decided {
  if (inline !== undefined) return { value: inline, by: "flow", policy: undefined };
  if (!setting || setting.origin.kind === "flow") return { value: undefined, by: "unset", policy: undefined };
  const policy = setting.origin.kind === "policy" ? setting.origin.name : undefined;
  return { value: setting.value, by: policy === undefined ? "default" : "policy", policy };
}

function problemsOf(step: Step | undefined, flow: Flow, problems: readonly Problem[]): Pick<ChartNode, "problem" | "policyProblems"> {
  if (!step) return { problem: undefined, policyProblems: {} };
  const base = `${flow.specPath.join(".")}.steps[${step.index}]`;
  const mine = problems.filter((one) => one.path === base || one.path.startsWith(`${base}.`));
  const policyProblems: ChartNode["policyProblems"] = {};
  for (const key of ["action", "preAction", "postAction"] as const) {
    const found = mine.find((one) => one.path === `${base}.policy.${key}` || (one.code === "unknown-field" && one.suggestion === key));
    if (found) policyProblems[key] = found.message;
  }
  const other = mine.find((one) => one.severity === "error" && !Object.values(policyProblems).includes(one.message));
  return { problem: other?.message, policyProblems };
}

/** What a product runs: per environment its versions, none where an application names none. */
export interface Running {
  product: string;
  versions: ReadonlyMap<string, ReadonlySet<string>>;
}

export function runningOf(product: string, applications: readonly Application[]): Running {
  const versions = new Map<string, Set<string>>();
  for (const { environment, version } of applications) {
    const here = versions.get(environment) ?? new Set();
    if (version !== null) here.add(version);
    versions.set(environment, here);
  }
  return { product, versions };
}

export function chartOf(
  flow: Flow,
  environments: readonly Environment[] | undefined,
  preview: Preview | undefined,
  problems: readonly Problem[],
  running: Running | undefined,
): Chart {
  const steps = drawnSteps(flow);
  const kinds = new Map(environments?.map((one) => [one.name, one.kind]));
  const previewed = new Map(preview?.environments.map((one) => [one.name, one]));
  const ids = [...(flow.trigger === "" ? [] : [flow.trigger]), ...steps.map((step) => step.environment)];
  const edges: LayoutEdge[] = steps.flatMap((step) =>
    [...new Set(step.dependsOn)].filter((on) => ids.includes(on) && on !== step.environment).map((on) => ({ from: on, to: step.environment })),
  );
  const sized = ids.map((id) => ({ id, width: id === flow.trigger ? NODE.width : STEP_WIDTH, height: NODE.height }));
  const { positions, lanes } = layoutFlow(sized, edges, SPACING);
  const place = (id: string): Point => positions.get(id) ?? { x: 0, y: 0 };
  const nodes = sized.map(({ id, width }): ChartNode => {
    const step = id === flow.trigger ? undefined : steps.find((one) => one.environment === id);
    const seen: PreviewEnvironment | undefined = previewed.get(id);
    return {
      id,
      kind: kinds.get(id),
      trigger: id === flow.trigger,
      step,
      policy: {
        action: decided(step?.policy.action, seen?.policy.action),
        preAction: decided(step?.policy.preAction, seen?.policy.preAction),
        postAction: decided(step?.policy.postAction, seen?.policy.postAction),
      },
      postTrigger: id === flow.trigger ? flow.postTrigger : "",
      version: [...(running?.versions.get(id) ?? [])].join(", ") || undefined,
      missing: running && !running.versions.has(id) ? running.product : undefined,
      ...problemsOf(step, flow, problems),
      at: place(id),
      width,
    };
  });
  const widths = new Map(sized.map(({ id, width }) => [id, width]));
  return {
    nodes,
    edges: edges.map((edge) => {
      const from = place(edge.from);
      const to = place(edge.to);
      const start = { x: from.x + (widths.get(edge.from) ?? 0), y: from.y + NODE.height / 2 };
      const end = { x: to.x, y: to.y + NODE.height / 2 };
      const id = edgeId(edge);
      return { ...edge, id, path: routeEdge(start, end, lanes.get(id) ?? []), end };
    }),
  };
}

/** The node to go to with an arrow key: along the arrows, or to the neighbour in the same layer. */
export function neighbour(chart: Chart, id: string, key: string): string | undefined {
  const node = chart.nodes.find((one) => one.id === id);
  if (!node) return undefined;
  const byHeight = (ids: string[]): string | undefined =>
    chart.nodes
      .filter((one) => ids.includes(one.id))
      .sort((a, b) => Math.abs(a.at.y - node.at.y) - Math.abs(b.at.y - node.at.y))[0]?.id;
  if (key === "ArrowRight") return byHeight(chart.edges.filter((edge) => edge.from === id).map((edge) => edge.to));
  if (key === "ArrowLeft") return byHeight(chart.edges.filter((edge) => edge.to === id).map((edge) => edge.from));
  const right = (one: ChartNode): number => one.at.x + one.width;
  const column = chart.nodes.filter((one) => one.id !== id && right(one) === right(node));
  const wanted = column.filter((one) => (key === "ArrowDown" ? one.at.y > node.at.y : one.at.y < node.at.y));
  return byHeight(wanted.map((one) => one.id));
}
