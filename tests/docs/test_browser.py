"""In a real browser: the search finds from disk, and the page for what is not there leads on from any depth."""

from __future__ import annotations

import importlib.util
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from tests.programs import present

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.site, pytest.mark.allow_hosts(["127.0.0.1"])]
ALONE = ("background-networking", "component-update", "sync", "gpu", "extensions")
PHONE, DESK = (390, 844), (1280, 900)
PATIENCE = 300
"""Seconds for one page, of which the browser needs three."""


def shown(address: str, size: tuple[int, int], profile: Path) -> str:
    """The page as the browser has it when its scripts have run."""
    command = [present("chromium", "chromium"), "--headless", "--no-sandbox", "--no-first-run"]
    command += [f"--disable-{name}" for name in ALONE]
    command += [f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}", "--virtual-time-budget=30000"]
    done = subprocess.run(
        [*command, "--dump-dom", address], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return done.stdout


def links(page: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'<a\b[^>]*?\bhref="([^"]*)"', page)]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("language", "words", "wanted"), [("en", "shelter", "ShelterStatus"), ("ja", "避難所", "ShelterStatus")]
)
def test_the_search_finds_from_disk(
    site: Path, tmp_path: Path, language: str, words: str, wanted: str, size: tuple[int, int]
) -> None:
    address = f"{(site / language / 'concepts.html').resolve().as_uri()}?q={quote(words)}"
    page = shown(address, size, tmp_path)
    found = page.partition('class="md-search-result__list"')[2].partition("</ol>")[0]
    files = {Path(unquote(urlsplit(urljoin(address, link)).path)) for link in links(found)}
    assert (site / language / "reference" / "classes" / f"{wanted}.html").resolve() in files
    assert [f for f in files if not f.is_file()] == []


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """docs/build.py"""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def served(handler: Any, site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("root", ["", "/city/docs"], ids=["root", "below"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_for_what_is_not_there_leads_on(
    build: ModuleType, site: Path, tmp_path: Path, language: str, root: str
) -> None:
    def translate_path(self: Any, path: str) -> str:
        return str(build.Handler.translate_path(self, path.removeprefix(root)))

    below = type("Below", (build.Handler,), {"translate_path": translate_path})  # the site in a folder of a server
    with served(below, site) as server:
        address = f"{server}{root}/{language}/reference/classes/deeper/None.html"
        assert status(address) == 404
        page = shown(address, DESK, tmp_path)
        assert f'<html lang="{language}">' in page
        found = [urljoin(address, link) for link in links(page)]
        assert len(found) == 4
        assert {link: status(link) for link in found} == dict.fromkeys(found, 200)
        assert all(urlsplit(link).path.startswith(f"{root}/") for link in found)


def test_the_server_shows_no_folder_as_a_list(build: ModuleType, site: Path) -> None:
    with served(build.Handler, site) as server:
        assert status(f"{server}/") == 200
        assert status(f"{server}/ja/") == 200
        assert status(f"{server}/ja/assets/") == 404
        assert status(f"{server}/none") == 404


def test_it_serves_at_a_free_port_until_it_is_interrupted(site: Path) -> None:
    program = f"import build, pathlib, sys; sys.exit(build.serve(pathlib.Path({str(site)!r}), 0, opened=False))"
    with subprocess.Popen(
        [sys.executable, "-c", f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {program}"],
        cwd=ROOT / "docs",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        address = running.stdout.readline().split()[0]
        assert status(address) == 200
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=PATIENCE)
    assert (running.returncode, said) == (0, "")
