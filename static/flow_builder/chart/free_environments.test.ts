import { describe, expect, it } from "vitest";
import type { Environment } from "../../shared/records";
import { filtered } from "./free_environments";

const FREE = ["prod", "prod-eu", "qa"].map((name): Environment => ({ name, kind: "PROD" }) as Environment);
const names = (filter: string): string[] => filtered(FREE, filter).rows.map((one) => one.name);

describe("a filter of environments", () => {
  it("leaves those whose names have it somewhere, in any case and between blanks", () => {
    expect(names("")).toEqual(["prod", "prod-eu", "qa"]);
    expect(names(" EU ")).toEqual(["prod-eu"]);
    expect(names("x")).toEqual([]);
  });

  it.each([
    ["", undefined],
    ["  ", undefined],
    ["pr", undefined],
    ["x", undefined],
    ["e", "prod-eu"],
    ["prod", "prod"],
  ])("means one only where no other can be meant: %j", (filter, only) => {
    expect(filtered(FREE, filter).only?.name).toBe(only);
  });
});
