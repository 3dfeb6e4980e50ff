// What a node shows of the chosen product, from the applications and the preview at hand.
import { describe, expect, test } from "vitest";
import { applicationOf, previewOf } from "./alive.fixture";
import type { AliveState } from "./alive_store";
import { productFacts, runningWords } from "./facts";

const alive = (state: Partial<AliveState>): AliveState => ({
  product: "trio", applications: [], preview: undefined, previewed: undefined, loading: false, error: undefined, ...state,
});

describe("facts", () => {
  test("are none while nobody knows what runs", () => {
    expect(productFacts("qa", "dev", alive({ applications: undefined }))).toBeUndefined();
  });

  test("are every version once, with the application behind each", () => {
    const applications = [applicationOf("qa", "1.0"), { ...applicationOf("qa", "1.0"), name: "b" }, { ...applicationOf("qa", "0.9"), name: "c" }, applicationOf("dev", "2.0")];
    const facts = productFacts("qa", "dev", alive({ applications }));
    expect(facts?.versions).toEqual(["1.0", "0.9"]);
    expect(facts && runningWords(facts)).toBe("trio-qa 1.0, b 1.0, c 0.9");
  });

  test("are no version where the application names none", () => {
    const facts = productFacts("qa", "dev", alive({ applications: [applicationOf("qa", null), { ...applicationOf("qa", ""), name: "b" }] }));
    expect([facts?.versions, facts?.missing, facts && runningWords(facts)]).toEqual([[], undefined, "trio-qa, b"]);
  });

  test.each([[2, "2 behind dev"], [0, undefined], [null, undefined]])("%s changes behind are told as %s", (behind, words) => {
    const state = alive({ applications: [applicationOf("qa", "1.0")], preview: previewOf({ qa: { behind } }) });
    expect(productFacts("qa", "dev", state)?.behind?.words).toBe(words);
    expect(productFacts("dev", "dev", state)?.behind).toBeUndefined();
  });

  test("name what is missing, saved or not, and then nothing else", () => {
    const preview = previewOf({ qa: { behind: 2, problems: [{ message: "trio has no application in qa." }] } });
    const facts = productFacts("qa", "dev", alive({ preview }));
    expect(facts).toMatchObject({ missing: "trio has no application in qa", behind: undefined, problem: undefined });
    expect(productFacts("drawn", "dev", alive({ preview }))?.missing).toBe("trio has no application in drawn");
  });

  test("name why a release could not change it; what nobody else is to blame for stands at the trigger", () => {
    const preview = { ...previewOf({ qa: { problems: [{ message: "asks for pr" }] } }), problems: [{ message: "has hooks" }] };
    const state = alive({ applications: [applicationOf("qa", "1.0"), applicationOf("dev", "2.0")], preview });
    expect([productFacts("qa", "dev", state)?.problem, productFacts("dev", "dev", state)?.problem]).toEqual(["asks for pr", "has hooks"]);
  });
});
