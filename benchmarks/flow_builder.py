"""Times the Flow Builder in a real Chromium: first chart, a gesture, a keystroke, memory. Never talks to a server.

Run it as `python benchmarks/flow_builder.py [--dist DIR] [--rounds N] [SIZE ...]` after
`vite build`; sizes count environments. The page is the built one; the answers of the API are made up here, so
that only the browser is measured. CHROMIUM names the browser, else /usr/bin/chromium.

Times are milliseconds from the press or letter until the changed chart has been painted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FREE = 12
PRODUCT = "trio"

# The frame that first shows the change counts until it is painted: a message posted from an animation frame is
# handled right after that frame. What is there before the frame begins must not wait for another one.
PAINTED = """
async ([act, ready]) => {
  const until = new Function("return " + ready);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const start = performance.now();
  new Function(act)();
  do await frame(); while (!until());
  await new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
  return performance.now() - start;
}
"""

# A live connection on which nothing happens: without one, the page would tell that it is lost.
QUIET = """
window.WebSocket = class {
  constructor() {
    const tell = () => this.onmessage?.({ data: '{"type": "head", "number": 0}' });
    this.timer = setInterval(tell, 5000);
    setTimeout(tell, 0);
  }
  close() { clearInterval(this.timer); }
};
"""


def flow_text(size: int) -> str:
    """A flow of `size` environments: leaf-0 alone after dev, the others in layers of ten that fan out and in."""
    names = [f"env-{number}" for number in range(size - 2)]
    steps = [("leaf-0", ["dev"])]
    for at, name in enumerate(names):
        above = names[max(0, at - at % 10 - 10) : at - at % 10]
        steps.append((name, ["dev"] if at < 10 else [above[at % len(above)]]))
    lines = [
        "apiVersion: codefresh.io/v1beta1",
        "kind: PromotionFlow",
        "metadata:",
        "  name: bench",
        "spec:",
        "  triggerEnvironment: dev",
        "  steps:",
    ]
    for name, needs in steps:
        lines += [
            f"    - environment: {name}",
            f"      dependsOn: [{', '.join(needs)}]",
            "      policy:",
            "        action: commit",
        ]
    return "\n".join(lines) + "\n"


class Server(ThreadingHTTPServer):
    """The built page and a made-up API for one size of flow."""

    def __init__(self, dist: Path, size: int, theme: str = "light") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.dist = dist
        self.size = size
        self.theme = theme
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/flows/bench/"

    def page(self) -> str:
        manifest = json.loads((self.dist / "manifest.json").read_text())
        tags: list[str] = []
        for entry in ("static/site/main.ts", "static/flow_builder/main.tsx"):
            styles, pending, seen = [], [entry], set()
            while pending:
                one = pending.pop()
                if one in seen:
                    continue
                seen.add(one)
                styles += manifest[one].get("css", [])
                pending += manifest[one].get("imports", [])
            tags += [f'<link rel="stylesheet" href="/static/dist/{css}">' for css in styles]
            tags.append(f'<script type="module" src="/static/dist/{manifest[entry]["file"]}"></script>')
        sprite = f"<div hidden>{(ROOT / 'static/look/icons.svg').read_text()}</div>"
        return (
            f'<!doctype html><html lang="en" data-theme="{self.theme}"><head><meta charset="utf-8">'
            f'<title>Bench</title>{"".join(tags)}</head><body>{sprite}<div class="shell" id="shell"><nav></nav>'
            f'<main class="main" id="main"><div id="flow-builder" data-flow="bench" data-new="" data-from="" '
            f'data-product="{PRODUCT}" data-trigger=""></div></main></div>'
            '<div id="toasts" class="toasts"></div><div id="announce" class="sr"></div></body></html>'
        )

    def answer(self, path: str) -> Any:
        names = ["dev", "leaf-0", *(f"env-{number}" for number in range(self.size - 2))]
        free = [f"free-{number}" for number in range(FREE)]
        saves = [
            {
                "number": n,
                "version": f"1.{n}",
                "savedAt": f"2026-11-2{n}T10:00:00Z",
                "savedBy": who,
                "etag": f"e{n}",
            }
            for n, who in ((2, "ada"), (1, "paul"))
        ]
        pages: dict[str, list[Any]] = {
            "/api/environments/": [
                {"name": name, "kind": "PROD" if at % 3 == 0 else "NON_PROD", "tags": [], "position": at}
                | {"targets": []}
                for at, name in enumerate([*names, *free])
            ],
            "/api/products/": [{"name": PRODUCT}],
            "/api/workflows/": [{"name": "smoke"}, {"name": "report"}],
            "/api/applications/": [
                {
                    "environment": name,
                    "version": "58.10",
                    "runtime": "local",
                    "namespace": "argocd",
                    "name": name,
                }
                for name in names[:-1]
            ],
            "/api/flows/bench/revisions/": saves,
        }
        if path in pages:
            return {"results": pages[path], "next": None}
        if path == "/api/flows/bench/":
            return {"name": "bench", "manifest": flow_text(self.size), "etag": "e2"}
        if path.startswith("/api/flows/bench/revisions/"):
            number = int(path.split("/")[-2])
            return {**saves[2 - number], "manifest": flow_text(self.size).replace("leaf-0", f"leaf-{number}")}
        return None


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/flows/bench/":
            self.reply(200, "text/html", self.server.page().encode())
            return
        file = self.server.dist / path.removeprefix("/static/dist/")
        if path.startswith("/static/dist/") and file.is_file():
            self.reply(200, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes())
            return
        body = self.server.answer(path)
        self.reply(404 if body is None else 200, "application/json", json.dumps(body or {}).encode())

    def do_POST(self) -> None:
        problem = {"status": 422, "title": "No preview", "detail": "The benchmark has no preview."}
        self.reply(422, "application/problem+json", json.dumps(problem).encode())

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the numbers readable."""


def node(name: str) -> str:
    return f"document.querySelector('[data-environment=\"{name}\"]')"


def measure(page: Page, server: Server, rounds: int) -> dict[str, float]:
    page.goto(server.url, wait_until="commit")
    page.wait_for_selector('[data-environment="leaf-0"]', timeout=120_000)
    first = page.evaluate("performance.now()")
    page.wait_for_selector(".pitem", timeout=60_000)
    page.wait_for_timeout(1500)
    gestures, letters = [], []
    for number in range(rounds):
        press = f"document.querySelectorAll('.pitem')[{number % FREE}].click()"
        name = page.locator(".pitem").nth(number % FREE).inner_text().split()[0]
        gestures.append(page.evaluate(PAINTED, [press, node(name)]))
        undo = "document.querySelector('[aria-label=\"Undo\"]').click()"
        gestures.append(page.evaluate(PAINTED, [undo, f"!{node(name)}"]))
        page.wait_for_timeout(300)
    page.locator(".cm-line", has_text="environment: leaf-0").click()
    page.keyboard.press("End")
    name = "leaf-0"
    for _ in range(rounds):
        name += "x"
        letters.append(page.evaluate(PAINTED, ["document.execCommand('insertText', false, 'x')", node(name)]))
        page.wait_for_timeout(300)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    return {
        "first": first,
        "gesture": statistics.median(gestures),
        "keystroke": statistics.median(letters),
        "heap": heap / 1_000_000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=Path, default=ROOT / "static/dist")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("sizes", nargs="*", type=int, default=[50, 300, 1000])
    given = parser.parse_args()
    print("environments  first chart ms  gesture ms  keystroke ms  heap MB")
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size in given.sizes:
            server = Server(given.dist, size)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(QUIET)
            found = measure(page, server, given.rounds)
            print(
                f"{size:12}  {found['first']:14.0f}  {found['gesture']:10.0f}  "
                f"{found['keystroke']:12.0f}  {found['heap']:7.1f}",
                flush=True,
            )
            page.close()
            server.shutdown()
        browser.close()


if __name__ == "__main__":
    main()
