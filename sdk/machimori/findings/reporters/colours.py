"""The colour of each data class on a terminal: green may be public, yellow is about people, red is strictest."""

from __future__ import annotations

DATA_CLASS_STYLES = {
    "open": "green",
    "operational": "cyan",
    "restricted": "blue",
    "statistical": "green",
    "anonymised": "green",
    "pseudonymised": "yellow",
    "related": "yellow",
    "personal": "bold yellow",
    "code": "bold red",
    "communications": "bold red",
    "special_care": "bold red",
}


def data_class_style(profile: str | None) -> str:
    """The style of the data class of a profile; none for a profile that has no class of its own."""
    return DATA_CLASS_STYLES.get((profile or "").partition(".")[0], "")
