// Whether another flow has a name already, before the server is asked to save under it.
import { apiAll } from "../../shared/api";
import { useResource } from "../../shared/hooks";

const loadFlows = (signal: AbortSignal): Promise<{ name: string }[]> => apiAll<{ name: string }>("/api/flows/", signal);

/** Why the name cannot be had, as a sentence. Where the list of flows cannot be read, the save itself tells. */
export function useTaken(name: string, saved: string | undefined): string | undefined {
  // Asked each time that the name becomes another one than the flow's own.
  const isOther = name !== saved;
  const flows = useResource(isOther ? loadFlows : undefined);
  return isOther && flows.data?.some((one) => one.name === name) ? `There is a flow named ${name} already. Choose another name.` : undefined;
}
