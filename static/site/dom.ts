// Small things that every part of a page needs: tokens, messages, icons. Never holds state.

/** Read anew for every request: whoever signs in, in another tab perhaps, gets another one. */
export function csrfToken(): string {
  return decodeURIComponent(/(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "");
}

/** The page to sign in on, which leads back to where the person is now. */
export function signInAddress(): string {
  const { pathname, search, hash } = window.location;
  return `/login/?next=${encodeURIComponent(pathname + search + hash)}`;
}

export function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite, as `lockstep/templatetags/ui.py` draws it. */
export function icon(name: string, css = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `i ${css}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Say a change to people who listen to the page; several at once become one sentence. */
export function announce(...sentences: string[]): void {
  const line = byId("announce");
  if (line !== null && sentences.length > 0) line.textContent = sentences.slice(0, 3).join(". ");
}

/** Post to the REST API or a page with the session. Rejects with a sentence on anything but success. */
export async function post(url: string, body: object | URLSearchParams, method = "POST"): Promise<Response> {
  const form = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method,
    headers: {
      "X-CSRFToken": csrfToken(),
      Accept: "application/json",
      "Content-Type": form ? "application/x-www-form-urlencoded" : "application/json",
    },
    body: form ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (response.ok) return response;
  throw new Error(await problemSentence(response));
}

async function problemSentence(response: Response): Promise<string> {
  if ((response.headers.get("Content-Type") ?? "").includes("json")) {
    const problem = (await response.json()) as { detail?: unknown; title?: unknown };
    for (const text of [problem.detail, problem.title]) if (typeof text === "string" && text) return text;
  }
  return `The server answered ${response.status}. Nothing was changed; try again, or look at its log.`;
}

/** The sentence of anything that was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return "The server did not answer within 30 s. Reload the page to see whether it was done.";
  }
  if (error instanceof TypeError) return "The server cannot be reached. Check the connection, then try again.";
  return error instanceof Error ? error.message : String(error);
}
