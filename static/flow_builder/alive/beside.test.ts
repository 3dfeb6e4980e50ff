// Whatever is hovered and however large the window: what floats beside it never lies on it, nor outside.
import { describe, expect, test } from "vitest";
import { around, beside, type Box } from "./beside";

const VIEW = { width: 1440, height: 900 };
const SIZE = { width: 460, height: 300 };
const at = (left: number, top: number, width = 40, height = 24): Box => ({ left, top, right: left + width, bottom: top + height });

function boxOf(place: Box, size = SIZE, view = VIEW): Box {
  const { left, top, height } = beside(place, size, view);
  return { left, top, right: left + size.width, bottom: top + Math.min(size.height, height) };
}

describe("beside a place", () => {
  test("comes below where there is room, else above", () => {
    expect(boxOf(at(600, 300)).top).toBe(334);
    expect(boxOf(at(600, 800)).bottom).toBe(790);
  });

  test("comes to a side of what is high", () => {
    expect(boxOf(at(600, 100, 40, 700)).left).toBe(650);
    expect(boxOf(at(1200, 100, 40, 700)).right).toBe(1190);
  });

  test("is lower where the window is", () => {
    const place = at(200, 180, 400, 20);
    const { height } = beside(place, SIZE, { width: 640, height: 400 });
    expect(height).toBe(182);
  });

  test.each([0, 300, 700, 1000, 1400])("lies on nothing and inside the window, from %s px on", (left) => {
    for (let top = 0; top < VIEW.height; top += 60) {
      const place = at(left, top);
      const box = boxOf(place);
      expect(box.left >= 8 && box.top >= 8 && box.right <= VIEW.width - 8 && box.bottom <= VIEW.height - 8).toBe(true);
      expect(box.left < place.right && place.left < box.right && box.top < place.bottom && place.top < box.bottom).toBe(false);
    }
  });

  test("takes several places as one", () => {
    expect(around([at(10, 20), at(100, 5)])).toEqual({ left: 10, top: 5, right: 140, bottom: 44 });
  });
});
