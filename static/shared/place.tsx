// An environment's tile and the word for its kind: filled globe is production, hollow flask is not.
import type { JSX } from "react";
import { Icon } from "./icon";
import type { Kind } from "./records";

export const isProduction = (kind: Kind | undefined): boolean => kind === "PROD";

export function Place({ kind, size = "" }: { kind: Kind | undefined; size?: "" | "sm" | "lg" }): JSX.Element {
  const prod = isProduction(kind);
  return (
    <span className={`place ${prod ? "prod" : ""} ${size}`.replace(/ +/g, " ").trim()}>
      <Icon name={prod ? "globe" : "flask"} />
    </span>
  );
}

export function KindWord({ kind }: { kind: Kind | undefined }): JSX.Element {
  const word = kind === undefined ? "Unknown environment" : isProduction(kind) ? "Production" : "Non-production";
  return <span className={isProduction(kind) ? "kind prod" : "kind"}>{word}</span>;
}
