// The environments that a release would reach, wave after wave, those that start together in one frame.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { KindWord, Place } from "../../shared/place";
import type { Preview, PreviewEnvironment } from "../../shared/records";
import { ACTIONS, actionWord } from "../chart/policy_words";

interface Props {
  preview: Preview | undefined;
  loading: boolean;
  selected: string | undefined;
  onSelect: (environment: string) => void;
}

function waveWords(waves: readonly string[][], at: number): string {
  const together = (waves[at]?.length ?? 0) > 1;
  if (at === 0) return together ? "First, together" : "First";
  const before = waves[at - 1] ?? [];
  const done = before.length === 1 ? `${before[0]} succeeded` : "those before succeeded";
  return together ? `Then together, once ${done}` : `Then, once ${done}`;
}

export function EnvironmentList({ preview, loading, selected, onSelect }: Props): JSX.Element {
  const item = (name: string): JSX.Element | null => {
    const environment = preview?.environments.find((one) => one.name === name);
    return environment ? <Item key={name} environment={environment} selected={name === selected} onSelect={onSelect} /> : null;
  };
  const downgrades = preview?.environments.filter((one) => one.downgrade).map((one) => one.name) ?? [];
  return (
    <div className="envs" role="tablist" aria-orientation="vertical" aria-busy={loading}>
      {loading && !preview && [0, 1, 2].map((row) => <span className="skel env-skel" key={row} />)}
      {preview?.waves.map((wave, at) => (
        <div key={wave.join()}>
          <div className="when">{waveWords(preview.waves, at)}</div>
          {wave.length > 1 ? <div className="par">{wave.map(item)}</div> : wave.map(item)}
        </div>
      ))}
      {downgrades.length > 0 && (
        <div className="note wait">
          <Icon name="alert" />
          <div>{`${downgrades.join(", ")} would go back to an older version.`}</div>
        </div>
      )}
    </div>
  );
}

function Item(props: { environment: PreviewEnvironment; selected: boolean; onSelect: (name: string) => void }): JSX.Element {
  const { environment, selected, onSelect } = props;
  const sum = (of: "added" | "removed"): number => environment.files.reduce((total, file) => total + file[of], 0);
  const action = environment.policy.action.value;
  const icon = ACTIONS.find((one) => one.value === action)?.icon ?? "none";
  return (
    <button className="eitem" type="button" role="tab" aria-selected={selected} onClick={() => onSelect(environment.name)}>
      <Place kind={environment.kind} size="lg" />
      <span className="n cut">{environment.name}</span>
      {environment.problems.length > 0 ? (
        <span className="pm c-bad">problem</span>
      ) : environment.files.length === 0 ? (
        <span className="pm faint">no changes</span>
      ) : (
        <span className="pm">
          <span className="plus">+{sum("added")}</span> <span className="minus">−{sum("removed")}</span>
        </span>
      )}
      <KindWord kind={environment.kind} />
      <span className="act">
        <Icon name={icon} />
        {actionWord(action)}
      </span>
    </button>
  );
}
