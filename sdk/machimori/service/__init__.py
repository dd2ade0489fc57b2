"""The model over HTTP: payloads judged, schemas, context, catalogue and codes read, requests decided.

``application(settings)`` is the ASGI application; ``machimori serve`` runs it. Needs the extra ``serve``.
"""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.service.asgi import application
    from machimori.service.openapi import document
    from machimori.service.serving import serve
    from machimori.service.settings import Settings
else:
    __getattr__, __dir__ = handful(
        __name__,
        asgi="application",
        openapi="document",
        serving="serve",
        settings="Settings",
    )

__all__ = [
    "Settings",
    "application",
    "document",
    "serve",
]
