// What the flow's text may name: environments, workflows and products as the server has them, read again when others change them.
import { useCallback, useMemo } from "react";
import { apiAll } from "../shared/api";
import { useResource } from "../shared/hooks";
import type { Environment, Product } from "../shared/records";
import type { Batch } from "../site/live";
import type { Known as KnownNames } from "./problems/flow_rules";

export interface Known {
  environments: readonly Environment[] | undefined;
  environmentsError: string | undefined;
  reloadEnvironments: () => void;
  products: readonly Product[] | undefined;
  workflows: readonly string[] | undefined;
  /** Names alone, the same object until one of them changes. */
  names: KnownNames;
  /** Takes what the board's feed tells. */
  hear: (batch: Batch) => void;
}

const loadEnvironments = (signal: AbortSignal): Promise<Environment[]> => apiAll<Environment>("/api/environments/", signal);
const loadProducts = (signal: AbortSignal): Promise<Product[]> => apiAll<Product>("/api/products/", signal);
const loadWorkflows = (signal: AbortSignal): Promise<{ name: string }[]> => apiAll<{ name: string }>("/api/workflows/", signal);

export function useKnown(): Known {
  const environments = useResource(loadEnvironments);
  const products = useResource(loadProducts);
  const workflows = useResource(loadWorkflows);
  const environmentNames = useMemo(() => environments.data?.map((one) => one.name), [environments.data]);
  const workflowNames = useMemo(() => workflows.data?.map((one) => one.name), [workflows.data]);
  const names = useMemo(() => ({ environments: environmentNames, workflows: workflowNames }), [environmentNames, workflowNames]);
  const { reload: reloadEnvironments } = environments;
  const { reload: reloadProducts } = products;
  const hear = useCallback(
    ({ events, gap }: Batch) => {
      const changed = (kind: string): boolean => gap || events.some((event) => event.kind === kind);
      if (changed("environment.changed")) reloadEnvironments();
      if (changed("product.changed")) reloadProducts();
    },
    [reloadEnvironments, reloadProducts],
  );
  return {
    environments: environments.data,
    environmentsError: environments.error,
    reloadEnvironments,
    products: products.data,
    workflows: workflowNames,
    names,
    hear,
  };
}
