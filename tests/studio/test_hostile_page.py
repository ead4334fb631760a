"""A page of somebody else, open in another tab of the same browser, even one that knows the token."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .conftest import TOKEN, Page
from .windows import browser, pytestmark

__all__ = ["browser", "pytestmark"]

SCRIPT = """
const studio = STUDIO, token = TOKEN, tried = {};
const reads = async (name, path, options) => {
  try {
    const answer = await fetch(studio + path, options);
    tried[name] = answer.type === "opaque" ? "opaque" : (await answer.text()).slice(0, 100);
  } catch { tried[name] = "refused"; }
};
const loads = (name, element, address) => new Promise((done) => {
  element.onload = () => { tried[name] = "loaded"; done(); };
  element.onerror = () => { tried[name] = "refused"; done(); };
  element.src = address;
  document.body.append(element);
});
const connects = (name, address) => new Promise((done) => {
  const socket = new WebSocket(address);
  socket.onopen = () => { tried[name] = "connected"; done(); };
  socket.onerror = () => { tried[name] = "refused"; done(); };
});
(async () => {
  await reads("page", `/${token}/`, {});
  await reads("question", `/${token}/api/session`, {method: "POST", body: "{}"});
  await reads("blind question", `/${token}/api/save`, {method: "POST", body: SAVE, mode: "no-cors"});
  await loads("script", document.createElement("script"), `${studio}/${token}/assets/studio.js`);
  await connects("socket", `${studio.replace("http", "ws")}/${token}/language`);
  const frame = document.createElement("iframe");
  await loads("frame", frame, `${studio}/${token}/`);
  try { tried["frame's text"] = frame.contentDocument === null ? "refused" : frame.contentDocument.body.textContent; }
  catch { tried["frame's text"] = "refused"; }
  document.title = JSON.stringify(tried);
})();
"""


@pytest.fixture(params=["localhost", "127.0.0.1"])
def hostile(page: Page, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a page that tries everything on a studio."""
    before = page.ask("session")["files"][0]
    save = json.dumps(json.dumps({"name": "shop.rules", "text": "stolen", "version": before["version"]}))
    script = SCRIPT.replace("STUDIO", json.dumps(page.home)).replace("TOKEN", json.dumps(TOKEN)).replace("SAVE", save)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><body><script>{script}</script>".encode())

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{request.param}:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_reads_nothing_and_changes_nothing(browser: Any, page: Page, hostile: str) -> None:
    before = page.ask("session")["files"]
    tab = browser.new_page()
    tab.goto(hostile)
    tab.wait_for_function("document.title.startsWith('{')")
    tried = json.loads(tab.title())
    # A frame that is refused is told of as loaded; there is nothing of the studio in it.
    assert tried.pop("frame") in ("loaded", "refused")
    assert tried == {
        "page": "refused",
        "question": "refused",
        "blind question": "refused",
        "script": "refused",
        "socket": "refused",
        "frame's text": "refused",
    }
    assert page.ask("session")["files"] == before
