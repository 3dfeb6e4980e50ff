// Times as the pages write them: short, in this person's zone, relative only under a day.

const two = (value: number): string => String(value).padStart(2, "0");
const isSameDay = (one: Date, other: Date): boolean => one.toDateString() === other.toDateString();

/** "14:02" today, else "2 Dec 17:22"; takes RFC 3339. */
export function clock(time: string, now = new Date()): string {
  const date = new Date(time);
  const hour = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (isSameDay(date, now)) return hour;
  return `${date.getDate()} ${date.toLocaleString("en", { month: "short" })} ${hour}`;
}

/** Likewise with the seconds, for what happened within one minute. */
export const clockToSecond = (time: string, now = new Date()): string => `${clock(time, now)}:${two(new Date(time).getSeconds())}`;

/** "just now", "8 min ago", "5 h ago", and the date from a day on; takes RFC 3339. */
export function ago(time: string, now = new Date()): string {
  const minutes = Math.floor((now.getTime() - new Date(time).getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : clock(time, now);
}
