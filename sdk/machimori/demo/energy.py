"""A city eases an evening peak with sums of households and a call for demand response, and sees no household."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from machimori.demo.stage import CITY, POWER, keys, stage, value
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.console import Console

RESIDENT = "urn:machimori:customer:power-31"
LOAD: dict[str, Any] = {
    "id": "urn:machimori:statistics-query:evening",
    "entity": "ElectricityUse",
    "measures": [{"aggregate_function": "sum", "field": "energy"}, {"aggregate_function": "subjects"}],
    "group_by": [{"field": "interval_start", "granularity": {"time_step": "PT30M"}}],
}
PERIODS = (
    ("2026-08-18T18:00:00+09:00", "2026-08-18T19:00:00+09:00"),
    ("2026-08-19T18:00:00+09:00", "2026-08-19T19:00:00+09:00"),
    ("2026-08-22T01:00:00+09:00", "2026-08-22T01:30:00+09:00"),
)
"""Two evenings, and the night of the typhoon, of which nine homes have reported."""
SAFETY: dict[str, Any] = {
    "type": "Agreement",
    "id": "urn:machimori:agreement:grid-safety",
    "kind": "supply",
    "parties": [POWER, CITY],
    "purposes": ["maintenance_and_safety"],
    "fields": [f"FeederLoad.{name}" for name in ("area", "feeder_load", "interval_start")],
    "starts_at": "2026-04-01T00:00:00+09:00",
    "ends_at": "2027-04-01T00:00:00+09:00",
}


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(POWER, language, out) as s:
        s.title(msgid("A hot week: the city eases the evening peak"))
        s.tell(
            msgid("Minato Power holds the half-hourly values of 40 homes. The city asks for all of them, by household.")
        )
        s.disclose(
            s.request(
                CITY, "ElectricityUse", "energy_saving", "identified", fields=["customer", "energy", "interval_start"]
            )
        )
        s.tell(msgid("It asks for one household instead."))
        s.disclose(
            s.request(CITY, "ElectricityUse", "energy_saving", "identified", fields=["energy"], subject=RESIDENT)
        )
        s.tell(
            msgid(
                "It needs neither. Sums of the ward show the peak, and what the call of Wednesday 18:00 saved. Each is settled once, with noise; a group of 9 stays hidden."
            )
        )
        cells = []
        for starts, ends in PERIODS:
            request = s.request(
                CITY, "ElectricityUse", "energy_saving", "statistics", fields=["energy", "interval_start"]
            )
            cells += s.statistics(request, {**LOAD, "period": {"starts_at": starts, "ends_at": ends}})
        s.chart(
            (
                keys(c)[0][5:16].replace("T", " "),
                value(c, "sum"),
                f"{value(c, 'sum') or 0:.1f} kWh / {c.get('group_size')}",
            )
            for c in cells
        )
        s.tell(
            msgid(
                "What each line carries is critical infrastructure information: the city gets it for safety, by an agreement that names it."
            )
        )
        assert s.gate.store is not None
        s.gate.store.add_agreement(SAFETY)
        fields = ["area", "feeder_load", "interval_start"]
        lines = s.disclose(s.request(CITY, "FeederLoad", "maintenance_and_safety", "identified", fields=fields))
        wednesday = [r for r in lines if r["interval_start"].startswith("2026-08-19T18:00") and "feeder_load" in r]
        s.chart((r["area"]["name"], r["feeder_load"], f"{r['feeder_load'] / 1000:.1f} kW") for r in wednesday)
        s.tell(msgid("A resident asks what is held about the own home."))
        s.disclose(
            s.request(
                RESIDENT,
                "ElectricityUse",
                "resident_access",
                "identified",
                fields=["energy", "interval_start"],
                subject=RESIDENT,
            )
        )
        s.log(RESIDENT)
