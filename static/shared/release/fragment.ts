// An environment in the address of a release's page, told apart from the ids of the page's own parts.

const MARK = "#environment=";

/** Ends the address of a release's page where an environment's panel is to be open. */
export const fragmentOf = (environment: string): string => MARK + environment;

/** The environment that an address names behind its `#`; undefined for what is a part of the page. */
export const environmentIn = (fragment: string): string | undefined =>
  fragment.startsWith(MARK) ? fragment.slice(MARK.length) : undefined;
