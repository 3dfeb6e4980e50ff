// The version after a version: the last number in it goes up by one; never decides whether a change deserves one.

const FIRST = "1.00";

/**
 * "1.00" gives "1.01", "1.09" gives "1.10", "v2" gives "v3". A number keeps its width and grows where it must: after
 * "1.99" comes "1.100", because what stands before the last number is a person's decision, never a carry.
 */
export function nextVersion(version: string): string {
  if (version.trim() === "") return FIRST;
  const last = [...version.matchAll(/\d+/g)].at(-1);
  if (!last) return `${version}.1`;
  const digits = last[0];
  const raised = String(BigInt(digits) + 1n).padStart(digits.length, "0");
  return version.slice(0, last.index) + raised + version.slice(last.index + digits.length);
}
