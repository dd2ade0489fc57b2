"""The addresses at which the context of a model is published."""

from __future__ import annotations

CONTEXT_IRI = "https://w3id.org/machimori/context.jsonld"
"""Where the context is published. It is read from the package, not from there."""


def context_iri(model: str, version: str = "") -> str:
    """Where the context of the model, or of an extension, with this IRI is published."""
    return "/".join(filter(None, (model.rstrip("/#"), version, "context.jsonld")))
