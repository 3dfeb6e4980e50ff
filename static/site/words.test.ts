// The browser says durations, ages and filters by the server's rules.
import { describe, expect, it } from "vitest";
import { agoText, durationText } from "./clocks";
import { keeps } from "./filters";

describe("durations", () => {
  it.each([
    [-3, "0s"], [0, "0s"], [21.9, "21s"], [128, "2m 08s"], [3_599, "59m 59s"], [3_900, "1h 05m"], [273_600, "3d 4h"],
  ])("%d s is %s", (seconds, text) => expect(durationText(seconds)).toBe(text));
});

describe("ages", () => {
  it.each([[20, "just now"], [840, "14 min ago"], [14_400, "4 h ago"]])("%d s is %s", (seconds, text) =>
    expect(agoText(seconds)).toBe(text),
  );
});

describe("a filter", () => {
  const row = { text: "demo-trioapp-qa demo-trioapp", product: "demo-trioapp", favourite: false, health: "Degraded" };
  const all = { text: "", product: "", favourites: false, health: undefined };
  it("keeps everything while nothing is chosen", () => expect(keeps(row, all)).toBe(true));
  it("needs every word, in any case", () => {
    expect(keeps(row, { ...all, text: "QA demo" })).toBe(true);
    expect(keeps(row, { ...all, text: "qa prod" })).toBe(false);
  });
  it("keeps the chosen product, favourites and health only", () => {
    expect(keeps(row, { ...all, product: "checkout" })).toBe(false);
    expect(keeps(row, { ...all, favourites: true })).toBe(false);
    expect(keeps(row, { ...all, health: new Set(["Healthy"]) })).toBe(false);
    expect(keeps(row, { ...all, health: new Set(["Healthy", "Degraded"]) })).toBe(true);
  });
});
