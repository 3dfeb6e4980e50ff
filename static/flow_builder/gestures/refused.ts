// The one way in which a gesture says no.

/** A gesture that cannot be done, with the reason as a sentence for the person who tried. */
export class GestureRefused extends Error {
  override name = "GestureRefused";
}
