"""``machimori serve``."""

from __future__ import annotations

import sys
from pathlib import Path

from machimori.cli.deciding import text_of
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.errors import need

NEEDED = ("fastapi", "prometheus_client", "uvicorn")
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
    need("machimori serve", "serve", NEEDED)
    from machimori.service import serving
    from machimori.service.listening import listening
    from machimori.service.settings import Settings

    settings = Settings(
        maximum_bytes=max_bytes,
        maximum_requests=max_requests,
        maximum_client_requests=max_client_requests,
        timeout=timeout,
        stream_timeout=stream_timeout,
        holder=str(Path(holder).resolve()) if holder else None,
        store=store,
    )
    if holder is not None:
        _try(Path(holder), store)
    taken = listening(host, port, timeout)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{taken.getsockname()[1]}"
    print(SERVING[language].format(url=url, workers=workers), file=sys.stderr, flush=True)
    if host not in ("127.0.0.1", "localhost", "::1"):
        print(OPEN[language], file=sys.stderr, flush=True)
    serving.serve(taken, settings, workers)
    return Status.GOOD


def _try(holder: Path, store: str | None) -> None:
    """Open the gate once: a holding or a store that is not one is told here, and not by each worker."""
    from machimori.privacy.gate import Gate

    gate = Gate(text_of(str(holder)), store=store)
    if gate.store is not None:
        gate.store.close()
