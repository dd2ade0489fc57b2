"""A city follows an infection by wastewater and area, and gets movement as statistics only, only under an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from machimori.demo import crowd
from machimori.demo.stage import CITY, TRANSIT, WARD_CODE, keys, stage, value
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.console import Console

RESIDENT = "urn:machimori:traveller:commuters-01"
MOVES: dict[str, Any] = {
    "id": "urn:machimori:statistics-query:movement",
    "entity": "Trip",
    "measures": [{"aggregate_function": "subjects"}],
    "group_by": [
        {"field": "destination", "granularity": {"space_step": 8}},
        {"field": "started_at", "granularity": {"time_step": "P1D"}},
    ],
    "period": {"starts_at": "2026-08-17T00:00:00+09:00", "ends_at": "2026-08-18T00:00:00+09:00"},
}
ORDER: dict[str, Any] = {
    "type": "EmergencyOrder",
    "id": "urn:machimori:emergency-order:infection",
    "authority": {"id": CITY, "kind": "municipality", "country": "JP"},
    "legal_basis": "新型インフルエンザ等対策特別措置法第24条第9項",
    "area": [WARD_CODE],
    "purposes": ["public_health"],
    "fields": ["Trip.destination", "Trip.started_at"],
    "starts_at": "2026-08-24T00:00:00+09:00",
    "ends_at": "2026-09-06T00:00:00+09:00",
    "published_at": "https://www.city.minatogawa.example/orders/2026-08-24",
    "reason": "感染の広がりを人の流れの統計により把握するため。",
}


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(TRANSIT, language, out, crowd.trips()) as s:
        s.title(msgid("An infection spreads: follow the area, not the people"))
        s.tell(msgid("Wastewater of the ward is a statistic of 110,000 people. It tells the wave a week early."))
        samples = s.disclose(
            s.request(
                CITY,
                "WastewaterSample",
                "public_health",
                "identified",
                fields=["interval_start", "pathogen_concentration"],
            )
        )
        s.chart(
            (r["interval_start"][:10], r["pathogen_concentration"], f"{r['pathogen_concentration']:,.0f} copies/L")
            for r in samples
        )
        s.tell(msgid("In peacetime the city may not have movement for public health, not even as statistics."))
        s.statistics(_asked(s), MOVES)
        s.tell(msgid("An order of 10,000 hours is none."))
        s.now = "2026-08-24T10:00:00+09:00"
        s.sign({**ORDER, "id": f"{ORDER['id']}:endless", "ends_at": "2027-10-14T16:00:00+09:00"}, CITY)
        s.statistics(_asked(s), MOVES)
        s.tell(
            msgid(
                "A signed, published order of 13 days adds the purpose, for statistics in the ward. The group stays at ten."
            )
        )
        s.sign(ORDER, CITY)
        cells = s.statistics(_asked(s), MOVES)
        s.chart(
            (s.districts.get(keys(c)[0], keys(c)[0]), value(c, "subjects"), f"{value(c, 'subjects') or 0:.0f}")
            for c in cells
        )
        s.tell(msgid("Under the same order the city asks for everyone's named trips."))
        s.disclose(s.request(CITY, "Trip", "public_health", "identified"))
        s.tell(msgid("And for those of one person."))
        s.disclose(
            s.request(CITY, "Trip", "public_health", "identified", fields=["origin", "destination"], subject=RESIDENT)
        )
        s.log(RESIDENT)


def _asked(s: Any) -> dict[str, Any]:
    request: dict[str, Any] = s.request(
        CITY, "Trip", "public_health", "statistics", fields=["destination", "started_at"]
    )
    return request
