// What is known of a feed that gives nothing newer, and how to ask it again at once. Follows none itself.

export interface Lost {
  /** When what is shown was last known to be right. */
  since: Date;
  /** When the next try starts; null where none helps before signing in again, undefined where none is planned. */
  nextTryAt: Date | null | undefined;
  /** What failed, as a sentence, where it is not the connection. */
  why?: string;
  reconnect: () => void;
}
