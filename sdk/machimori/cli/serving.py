"""``machimori serve``."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from machimori.cli.inputs import text_of
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.extras import need
from machimori.files import STDIN

SERVING = {
    "en": "serving on {url} ({workers} worker processes); {url}/openapi.json describes it; Ctrl-C ends it",
    "ja": "{url}で提供中（ワーカープロセス数{workers}）。仕様は{url}/openapi.json。Ctrl-Cで終了します",
}
OPEN = {
    "en": "note: reachable from other machines; it knows neither users nor TLS, so put a reverse proxy before it",
    "ja": "注意：ほかの機械から接続できます。利用者の認証もTLSも備えないため、リバースプロキシの背後に置いてください",
}


def serve(
    *,
    host: str,
    port: int,
    workers: int,
    holder: str | None,
    store: str | None,
    max_bytes: int,
    max_requests: int,
    max_client_requests: int,
    timeout: float,
    stream_timeout: float,
    language: str,
) -> int:
    """Serve until told to end."""
    if store is not None and holder is None:
        raise CallError("--store needs --holder", "--storeには--holderも指定してください")
    need("service")
    from machimori.service import serving
    from machimori.service.listening import listening
    from machimori.service.settings import Settings

    text = text_of(holder) if holder else None
    if text is not None:
        _try(text, store)
    taken = listening(host, port, timeout)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{taken.getsockname()[1]}"
    with ExitStack() as held:
        settings = Settings(
            maximum_bytes=max_bytes,
            maximum_requests=max_requests,
            maximum_client_requests=max_client_requests,
            timeout=timeout,
            stream_timeout=stream_timeout,
            holder=None if holder is None or text is None else _again(holder, text, held),
            store=store,
        )
        print(SERVING[language].format(url=url, workers=workers), file=sys.stderr, flush=True)
        if host not in ("127.0.0.1", "localhost", "::1"):
            print(OPEN[language], file=sys.stderr, flush=True)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the server has its own way to end
        serving.serve(taken, settings, workers)
    return Status.GOOD


def _again(holder: str, text: str, held: ExitStack) -> str:
    """A file that every worker can open: the holder's own, or a copy of what came through a pipe."""
    if holder not in STDIN and Path(holder).is_file():
        return str(Path(holder).resolve())
    copy = Path(held.enter_context(TemporaryDirectory(prefix="machimori-holder-"))) / "holder.json"
    copy.write_text(text, encoding="utf-8")
    return str(copy)


def _try(holding: str, store: str | None) -> None:
    """Open the gate once: a holding or a store that is not one is told here, and not by each worker."""
    from machimori.privacy.gate import Gate

    gate = Gate(holding, store=store)
    if gate.store is not None:
        gate.store.close()
