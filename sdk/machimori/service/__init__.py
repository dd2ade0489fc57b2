"""The model over HTTP: payloads judged, schemas, context, catalogue and codes read, requests decided.

``application(settings)`` is the ASGI application; ``machimori serve`` runs it. Needs the extra ``serve``.
"""
