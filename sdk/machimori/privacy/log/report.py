"""The transparency report of a year, counted from the log (class ``TransparencyReport``). It names nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from machimori.privacy.decision.decision import DENY
from machimori.privacy.decision.policy import shipped
from machimori.privacy.log.entries import DECISION
from machimori.standards.time import written

JST = timezone(timedelta(hours=9))
COUNTED = ("kind", "purpose", "form", "rule")
REPORT_ID = "urn:machimori:transparency:{year}"


def year_of(at: float) -> int:
    """The Japanese fiscal year of a moment: it begins on 1 April."""
    day = datetime.fromtimestamp(at, JST)
    return day.year if day.month >= 4 else day.year - 1


def bounds(year: int) -> tuple[float, float]:
    """The moments at which a fiscal year begins and the next one does."""
    begins, ends = datetime(year, 4, 1, tzinfo=JST), datetime(year + 1, 4, 1, tzinfo=JST)
    return begins.timestamp(), ends.timestamp()


def report(
    year: int,
    holder: Mapping[str, Any],
    entries: Iterable[Mapping[str, Any]],
    unfinished: Collection[Mapping[str, Any]],
    demands: int,
    now: float,
) -> dict[str, Any]:
    """The record of class ``TransparencyReport`` for a fiscal year, from its entries and the demands received in it.

    ``unfinished`` are the releases of the year of which the log tells no end.
    """
    reported = {r.name: r.reported_as for r in shipped().by_name.values() if r.reported_as}
    received: Counter[tuple[str | None, ...]] = Counter()
    granted: Counter[tuple[str | None, ...]] = Counter()
    served: Counter[str] = Counter()
    deleted: Counter[str] = Counter()
    releases, records, told = 0, 0, set()
    for entry in entries:
        if "notified_at" in entry:
            told.add(entry.get("subject") or entry["id"])
            continue
        records += entry.get("records_released", 0)
        deleted.update({c["deleted_kind"]: c["deleted_count"] for c in entry.get("deletion_counts", ())})
        if entry["type"] != DECISION:
            continue
        if "released_by_counsel" in entry:
            releases += entry["released_by_counsel"]
        else:
            key = (entry["requester"]["kind"], entry.get("purpose"), entry.get("form"), entry["rule"])
            received[key] += 1
            granted[key] += entry["decided_form"] != DENY
            served.update({reported[g["rule"]] for g in entry.get("granted") or () if g["rule"] in reported})
    begins, ends = bounds(year)
    starts = datetime.fromtimestamp(begins, JST).isoformat()
    return {
        "type": "TransparencyReport",
        "id": REPORT_ID.format(year=year),
        "holder": dict(holder),
        "period": {"starts_at": starts, "ends_at": written(ends, starts)},
        "issued_at": written(now, starts),
        "disclosure_counts": [
            {
                **{name: value for name, value in zip(COUNTED, key, strict=True) if value is not None},
                "requests_received": received[key],
                "requests_granted": granted[key],
                "requests_denied": received[key] - granted[key],
            }
            for key in sorted(received, key=lambda k: tuple(v or "" for v in k))
        ],
        **{name: served[name] for name in reported.values()},
        "lawful_demands_received": demands,
        "counsel_releases": releases,
        "persons_notified": len(told),
        "records_released": records,
        "releases_unfinished": len(unfinished),
        "deletion_counts": [{"deleted_kind": k, "deleted_count": n} for k, n in sorted(deleted.items())],
    }
