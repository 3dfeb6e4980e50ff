// Why nothing is changed on the chart while it shows a release, as a message; knows neither chart nor text.
import { toast } from "../../site/toasts";

/** The release runs the flow as it was triggered: what is changed on its chart would seem to change the release. */
export function refuseWhileShown(): false {
  toast("error", "The chart shows a release", "Go back to editing to change the environments, what they wait for and what is done at each.", "gesture");
  return false;
}
