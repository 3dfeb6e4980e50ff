// A finding of the reader; never more than a place, a code and a sentence.

/** What is wrong with text[from:to]. */
export interface Fault {
  code: string;
  message: string;
  from: number;
  to: number;
}
