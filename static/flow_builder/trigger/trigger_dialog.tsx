// Starting a release of a saved flow: product, application, what each environment would get, go.
import { useCallback, useEffect, useId, useState, type JSX } from "react";
import { api, apiAll, ApiError, sentenceOf, Unreachable } from "../../shared/api";
import { BusyButton, Dialog } from "../../shared/dialog";
import { useResource } from "../../shared/hooks";
import { Icon } from "../../shared/icon";
import type { Application, Preview, Product } from "../../shared/records";
import type { Release } from "../../shared/release/release";
import { ErrorNote } from "../saving/save_as_dialog";
import { ApplicationSelect, identityOf } from "./application_select";
import { lastChanged } from "./last_changed";
import { EnvironmentDetail } from "./environment_detail";
import { EnvironmentList } from "./environment_list";
import { reasonOf, refusalsOf } from "./refusals";
import { settled, triggerKey } from "./trigger_key";

interface Props {
  flow: string;
  triggerEnvironment: string;
  /** Why this person may not trigger, as a sentence; "" where they may. */
  refused: string;
  product: string;
  onProduct: (product: string) => void;
  products: readonly Product[] | undefined;
  onStarted: (release: Release) => void;
  onClose: () => void;
}

const STARTING = "The release is being started.";
const UNANSWERED = "No answer came, so the release may have been started. Trigger again: if it was, it is shown then, and not started a second time.";

const count = (environments: number): string => (environments === 1 ? "1 environment" : `${environments} environments`);

export function TriggerDialog({ flow, triggerEnvironment, refused, product, onProduct, products, onStarted, onClose }: Props): JSX.Element {
  const [chosen, setChosen] = useState("");
  const [message, setMessage] = useState("");
  const [shown, setShown] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const productId = useId();
  const messageId = useId();

  const applications = useResource(useApplications(product, triggerEnvironment));
  // While another product's are read, or cannot be, those of the one before are none of it.
  const inTrigger = applications.data?.product === product ? applications.data.rows : undefined;
  const application = inTrigger?.some((one) => identityOf(one) === chosen) ? chosen : identityOf(lastChanged(inTrigger ?? []));
  const only = products?.length === 1 ? products[0]?.name : undefined;
  useEffect(() => {
    if (product === "" && only !== undefined) onProduct(only);
  }, [product, only, onProduct]);
  const preview = useResource(usePreview(flow, product, application));
  const current = preview.loading || preview.error !== undefined ? undefined : preview.data;
  const loading = preview.loading || applications.loading;
  const isNowhere = inTrigger?.length === 0 && !loading;
  const environments = current?.environments ?? [];
  const detail = environments.find((one) => one.name === shown) ?? environments[0];
  const problems = refusalsOf(current);
  const [problem] = problems;

  const trigger = async (): Promise<void> => {
    const missing = refused || whatIsMissing(product, inTrigger, current !== undefined);
    setError(missing || undefined);
    if (missing) return;
    if (problem) {
      // All of them are shown already; what one environment is to blame for, beside its changes.
      if (problem.environment !== undefined) setShown(problem.environment);
      return;
    }
    const json = { product, application, planDigest: current?.planDigest, message };
    setBusy(true);
    setError(undefined);
    try {
      const headers = { "Idempotency-Key": triggerKey(flow, json) };
      const release = await api<Release>(`/api/flows/${encodeURIComponent(flow)}/trigger/`, { method: "POST", json, headers });
      settled();
      onStarted(release);
    } catch (failure) {
      setError(failure instanceof Unreachable ? UNANSWERED : sentenceOf(failure));
      if (failure instanceof ApiError && failure.problem.code === "plan-changed") preview.reload();
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={`Trigger ${flow}`}
      onClose={onClose}
      onSubmit={() => void trigger()}
      className="trigger-dialog"
      held={busy ? STARTING : undefined}
      foot={
        <>
          <span className="foot-words xs dim">
            {busy && STARTING}
            {!busy && error !== UNANSWERED && current?.source && (
              <>
                <Icon name="lock" className="i-14" />
                {`Every environment gets the files at ${current.source.commit.slice(0, 7)}. Nothing is written until you trigger.`}
              </>
            )}
          </span>
          <BusyButton busy={false} className="" refused={busy ? STARTING : ""} onClick={() => busy || onClose()}>
            Cancel
          </BusyButton>
          <BusyButton busy={busy} className="primary" icon="bolt" type="submit" refused={refused || reasonOf(problems)}>
            {environments.length > 0 ? `Trigger ${count(environments.length)}` : "Trigger"}
          </BusyButton>
        </>
      }
    >
      <div className="pick">
        <div className="field">
          <label htmlFor={productId}>Product</label>
          <span className="select">
            <select id={productId} className={product === "" ? "input is-any" : "input"} value={product} data-autofocus onChange={(event) => onProduct(event.target.value)}>
              <option value="">Choose a product</option>
              {products?.map((one) => <option key={one.name}>{one.name}</option>)}
            </select>
            <Icon name="updown" />
          </span>
        </div>
        <ApplicationSelect
          environment={triggerEnvironment}
          product={product}
          applications={inTrigger}
          error={applications.error}
          value={application}
          onChange={setChosen}
        />
        <div className="field">
          <label htmlFor={messageId}>
            Message <span className="opt">(optional)</span>
          </label>
          <input id={messageId} className="input" value={message} maxLength={5000} autoComplete="off" onChange={(event) => setMessage(event.target.value)} />
        </div>
      </div>
      <div className="split">
        <EnvironmentList preview={current} loading={loading} selected={detail?.name} onSelect={setShown} />
        <div className="detail" role="tabpanel" aria-live="polite">
          {error !== undefined && <ErrorNote text={error} />}
          {preview.error !== undefined && error === undefined && <ErrorNote text={preview.error} />}
          {current?.problems.map((one) => <ErrorNote key={one.message} text={one.message} />)}
          {detail && <EnvironmentDetail environment={detail} />}
          {!detail && isNowhere && <NoApplication product={product} environment={triggerEnvironment} />}
          {!detail && !isNowhere && !loading && preview.error === undefined && (
            <div className="empty">
              <Icon name="diff" className="art" />
              <h3>{product === "" ? "Choose a product" : "Nothing to show yet"}</h3>
              <p>What each environment would get stands here before anything is written.</p>
            </div>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** Why the pane stays empty, and where that is mended. */
function NoApplication({ product, environment }: { product: string; environment: string }): JSX.Element {
  return (
    <div className="empty">
      <Icon name="diff" className="art" />
      <h3>{`${product} has no application in ${environment}`}</h3>
      <p>
        The flow starts there, so there is nothing to promote. <a className="nowrap" href={`/products/${encodeURIComponent(product)}/settings/`}>Assign one to it</a> or choose another product.
      </p>
    </div>
  );
}

function whatIsMissing(product: string, applications: readonly Application[] | undefined, previewed: boolean): string | undefined {
  if (product === "") return "Choose the product to promote.";
  if (applications?.length === 0) return "The product has no application in the trigger environment, so there is nothing to promote.";
  return previewed ? undefined : "The preview is not there yet. Nothing is triggered unseen.";
}

interface OfProduct {
  product: string;
  rows: readonly Application[];
}

function useApplications(product: string, environment: string): ((signal: AbortSignal) => Promise<OfProduct>) | undefined {
  const load = useCallback(
    async (signal: AbortSignal): Promise<OfProduct> => {
      const rows = await apiAll<Application>(`/api/applications/?${new URLSearchParams({ product, environment }).toString()}`, signal);
      return { product, rows };
    },
    [product, environment],
  );
  return product === "" ? undefined : load;
}

function usePreview(flow: string, product: string, application: string): ((signal: AbortSignal) => Promise<Preview>) | undefined {
  const load = useCallback(
    (signal: AbortSignal) =>
      api<Preview>(`/api/flows/${encodeURIComponent(flow)}/preview/`, { method: "POST", json: { product, application }, signal }),
    [flow, product, application],
  );
  return product === "" || application === "" ? undefined : load;
}
