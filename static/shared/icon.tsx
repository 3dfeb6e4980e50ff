// One icon of the sprite that every page holds; decoration unless it is given a label.
import type { JSX } from "react";

export function Icon({ name, className = "", label }: { name: string; className?: string; label?: string }): JSX.Element {
  const meaning = label === undefined ? { "aria-hidden": true as const } : { role: "img", "aria-label": label };
  return (
    <svg className={`i ${className}`.trim()} {...meaning}>
      <use href={`#i-${name}`} />
    </svg>
  );
}
