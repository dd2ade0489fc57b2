"""A city eases congestion with flows and travel times, and sees no trip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from machimori.demo import crowd
from machimori.demo.stage import CITY, TRANSIT, WARD_CODE, keys, stage, value
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.console import Console

RESIDENT = "urn:machimori:traveller:commuters-01"
FLOWS: dict[str, Any] = {
    "id": "urn:machimori:statistics-query:flows",
    "entity": "Trip",
    "measures": [{"aggregate_function": "count"}, {"aggregate_function": "subjects"}],
    "group_by": [
        {"field": "origin", "granularity": {"space_step": 8}},
        {"field": "destination", "granularity": {"space_step": 8}},
        {"field": "started_at", "granularity": {"time_step": "PT1H"}},
    ],
    "period": {"starts_at": "2026-08-17T07:00:00+09:00", "ends_at": "2026-08-17T09:00:00+09:00"},
    "area": {"local_government_code": WARD_CODE},
}


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(TRANSIT, language, out, crowd.trips()) as s:
        s.title(msgid("Monday morning: the city eases congestion"))
        s.tell(msgid("Minato Transit holds trips of its riders. The city asks for every trip, live."))
        s.disclose(s.request(CITY, "Trip", "congestion_relief", "identified", live=True))
        s.tell(msgid("Stored trips, without names?"))
        s.disclose(
            s.request(
                CITY, "Trip", "congestion_relief", "pseudonymised", fields=["origin", "destination", "started_at"]
            )
        )
        s.tell(
            msgid(
                "Flows between squares of a kilometre, hour by hour, say where buses are short. Small flows stay hidden."
            )
        )
        fields = ["origin", "destination", "started_at"]
        cells = s.statistics(s.request(CITY, "Trip", "congestion_relief", "statistics", fields=fields), FLOWS)
        s.chart(
            (_flow(s.districts, *keys(c)), value(c, "count"), f"{value(c, 'count') or 0:.0f}")
            for c in cells
            if not c["suppressed"]
        )
        s.tell(msgid("Travel times of roads are open to anyone."))
        times = s.disclose(s.request(CITY, "TravelTime", "congestion_relief", "identified"))
        s.chart(
            (
                str(r.get("interval_start", ""))[5:16].replace("T", " "),
                r.get("travel_time"),
                f"{r.get('travel_time')} s",
            )
            for r in times
            if r.get("travel_time")
        )
        s.tell(msgid("A rider asks for the own trips."))
        s.disclose(
            s.request(
                RESIDENT,
                "Trip",
                "resident_access",
                "identified",
                fields=["started_at", "origin", "destination"],
                subject=RESIDENT,
            )
        )
        s.log(RESIDENT)


def _flow(districts: Mapping[str, str], origin: str, destination: str, hour: str) -> str:
    return f"{hour[11:16]}  {districts.get(origin, origin)} → {districts.get(destination, destination)}"
