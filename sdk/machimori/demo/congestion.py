"""A city eases congestion with flows and travel times, and sees no trip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from machimori.demo.stage import CITY, TRANSIT, keys, stage, value

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
    ],
}


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(TRANSIT, language, out) as s:
        s.title(("Monday morning: the city eases congestion", "月曜の朝：市が混雑を和らげる"))
        s.tell(
            (
                "Minato Transit holds trips of its riders. The city asks for every trip, live.",
                "みなと交通は利用者の移動を保有する。市は全ての移動を即時に求める。",
            )
        )
        s.disclose(s.request(CITY, "Trip", "congestion_relief", "identified", live=True))
        s.tell(("Stored trips, without names?", "蓄積された移動を、氏名なしでは。"))
        s.disclose(
            s.request(
                CITY, "Trip", "congestion_relief", "pseudonymised", fields=["origin", "destination", "started_at"]
            )
        )
        s.tell(
            (
                "Flows between squares of a kilometre say where buses are short. Small flows stay hidden.",
                "1km四方の間の流動から、バスの足りない区間が分かる。少ない流動は秘匿される。",
            )
        )
        cells = s.statistics(
            s.request(CITY, "Trip", "congestion_relief", "statistics", fields=["origin", "destination"]), FLOWS
        )
        s.chart(
            (" → ".join(s.districts.get(k, k) for k in keys(c)), value(c, "count"), f"{value(c, 'count') or 0:.0f}")
            for c in cells
        )
        s.tell(("Travel times of roads are open to anyone.", "道路の旅行時間は、誰にでも公開されている。"))
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
        s.tell(("A rider asks for the own trips.", "利用者が自分の移動を求める。"))
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
