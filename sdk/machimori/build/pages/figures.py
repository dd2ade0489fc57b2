"""The figures that hand-written pages state, from the model; a page says ``{{ classes }}`` and never a number of its own."""

from __future__ import annotations

import json

from machimori.build.pages.markdown import link
from machimori.build.pages.words import Language, marks
from machimori.catalogue.catalogue import artefact, catalogue, codes


def figures(language: Language) -> dict[str, str]:
    """Each name that a page may write between double braces, with the text that takes its place."""
    held = catalogue()
    classes = held["classes"].values()
    rules = json.loads(artefact("policy/policy.json"))["rules"]
    counts = {
        "version": held["version"],
        "classes": len(held["classes"]),
        "fields": f"{sum(len(c['fields']) for c in classes):,}",
        "domains": len(held["domains"]),
        "profiles": len(held["profiles"]),
        "purposes": len(held["enums"]["Purpose"]["values"]),
        "rules": len(rules),
        "codes": len(codes()),
        "energy_classes": sum(c["domain"] == "energy" for c in classes),
    }
    names = {name: domain["title"][language] for name, domain in held["domains"].items()}
    links = [link(title, f"reference/domains/{name}.md") for name, title in names.items()]
    return {name: str(value) for name, value in counts.items()} | {"domain_links": marks(language)["comma"].join(links)}
