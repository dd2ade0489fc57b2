"""Build the documentation of both languages, serve it on this machine and open it: `python3 run.py docs`.

Reference pages are written from the model, then one site a language into `site/`, where `index.html` leads to both. The
files need no server: `site/index.html` can be opened from disk, and the folder can be laid on any web server.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import webbrowser
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
LANGUAGES = ("en", "ja")
HERE = "127.0.0.1"


def main() -> int:
    """Build, and unless told otherwise serve and open."""
    asked = _arguments()
    fault = build(asked.out)
    if fault:
        print(fault, file=sys.stderr)
        return 1
    if asked.build_only:
        print(asked.out.resolve() / "index.html")
        return 0
    return serve(asked.out, asked.port, opened=not asked.no_open)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py docs", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--build-only", action="store_true", help="build and stop; open index.html of the folder from disk"
    )
    parser.add_argument("--no-open", action="store_true", help="serve, and leave the browser alone")
    parser.add_argument("--out", type=Path, default=ROOT / "site", metavar="FOLDER", help="where to build (site/)")
    parser.add_argument("--port", type=int, default=0, help="the port to serve at (a free one)")
    return parser.parse_args()


def build(out: Path) -> str:
    """Write the reference, then build both languages at once, warnings being errors; what went wrong, or nothing."""
    out = out.resolve()
    mkdocs = ("mkdocs", "build", "--strict", "--quiet")
    fault = _run(["machimori.build.pages", "--docs", str(DOCS)]) or _run(
        *([*mkdocs, "-f", f"mkdocs.{language}.yml", "-d", str(out / language)] for language in LANGUAGES)
    )
    if not fault:
        shutil.copy(DOCS / "top" / "index.html", out)
        shutil.copy(out / "en" / "404.html", out)
    return fault


def _run(*modules: list[str]) -> str:
    """Run modules of Python beside each other; what they said if one of them failed."""
    environment = dict(os.environ, NO_MKDOCS_2_WARNING="1")
    begin = partial(
        subprocess.Popen, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    begun = [begin([sys.executable, "-m", *module]) for module in modules]
    said = [process.communicate()[0] for process in begun]
    return "\n".join(said) if any(process.returncode for process in begun) else ""


class Handler(SimpleHTTPRequestHandler):
    """Files of the site; what is not there gets the page that says so, in the language of the address."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        language = next((f for f in self.path.split("/") if f in LANGUAGES), "")
        page = (Path(self.directory) / language / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def list_directory(self, path: str | os.PathLike[str]) -> None:  # noqa: ARG002
        """A folder without a page is not there."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads a line for each file."""


def serve(site: Path, port: int, *, opened: bool) -> int:
    """Serve a folder on this machine until Ctrl-C."""
    try:
        server = ThreadingHTTPServer((HERE, port), partial(Handler, directory=str(site)))
    except (OSError, OverflowError) as error:
        print(f"port {port} cannot be had: {error}", file=sys.stderr)
        return 1
    with server:
        address = f"http://{HERE}:{server.server_port}/"
        print(f"{address}  (Ctrl-C ends it)", flush=True)
        if opened and _has_windows():
            webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def _has_windows() -> bool:
    """A browser that runs in the terminal would hide the server that it talks to."""
    return sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


if __name__ == "__main__":
    sys.exit(main())
