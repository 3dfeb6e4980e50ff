// What comes after a version, in every way in which people number them.
import { expect, test } from "vitest";
import { nextVersion } from "./next_version";

test.each([
  ["", "1.00"],
  ["  ", "1.00"],
  ["1.00", "1.01"],
  ["1.09", "1.10"],
  ["1.9", "1.10"],
  ["1.99", "1.100"],
  ["58.10", "58.11"],
  ["7", "8"],
  ["v2", "v3"],
  ["1.2.3", "1.2.4"],
  ["1.0-rc1", "1.0-rc2"],
  ["1.0-beta", "1.1-beta"],
  ["2024-09", "2024-10"],
  ["99999999999999999999", "100000000000000000000"],
  ["beta", "beta.1"],
])("after %j comes %j", (version, next) => {
  expect(nextVersion(version)).toBe(next);
});
