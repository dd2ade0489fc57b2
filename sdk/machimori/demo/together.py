"""Two companies and a city put their answers together, and learn nothing of the one home that they look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from machimori.demo import crowd
from machimori.demo.crowd import GROUP, LONE, THURSDAY
from machimori.demo.stage import CARE, CITY, POWER, TRANSIT, keys, stage, value
from machimori.messages import Message, msgid

if TYPE_CHECKING:
    from rich.console import Console

    from machimori.demo.stage import Stage

LOAD: dict[str, Any] = {
    "id": "urn:machimori:statistics-query:together",
    "entity": "ElectricityUse",
    "measures": [{"aggregate_function": "sum", "field": "energy"}, {"aggregate_function": "subjects"}],
    "group_by": [{"field": "interval_start", "granularity": {"time_step": "PT30M"}}],
}
ASKED = (
    (CITY, msgid("The city"), "energy_saving", "18:00", "19:00"),
    (CARE, msgid("Mimamori Care"), "demand_response", "18:30", "19:30"),
    (TRANSIT, msgid("Minato Transit"), "research", "18:00", "19:30"),
)
"""Who asks for what and why. Of exact sums the first and the second less the third are the use of one home."""
JUST_NOW = {"starts_at": "2026-08-24T08:00:00+09:00", "ends_at": "2026-08-24T08:30:00+09:00"}


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(POWER, language, out, crowd.uses()) as s:
        s.title(msgid("Two companies and a city put their answers together"))
        s.tell(
            msgid(
                "Thursday evening, the metering network has a fault: 60 homes have a value for 18:00, one alone for 18:30, 60 others for 19:00."
            )
        )
        told = [_sums(s, *asked) for asked in ASKED]
        s.tell(
            msgid(
                "Of exact sums, the first and the second less the third would be the half hour of the one home. But all three have the same figures, and of it none."
            )
        )
        _subtracted(s, msgid("exact: {sums} kWh"), [_exact(*asked[3:]) for asked in ASKED])
        _subtracted(s, msgid("given: {sums} kWh"), [sum(figures.values()) for figures in told])
        s.tell(msgid("They ask for one sum over the whole time. No table has it, for anyone."))
        whole = {**LOAD, "group_by": [], "period": _period("18:00", "19:30")}
        s.statistics(_request(s, TRANSIT, "research"), whole)
        s.tell(msgid("They ask for a half hour before its late values are in, to ask again when they are."))
        s.statistics(_request(s, CITY, "energy_saving"), {**LOAD, "period": JUST_NOW})
        s.tell(
            msgid(
                "59 of the 60 homes of 18:00 tell the care firm what they used, and it takes that off. What is left is noise, and not the sixtieth home."
            )
        )
        known = sum(crowd.energy(number) for number in range(GROUP - 1))
        left = told[0][f"{THURSDAY}T18:00:00+09:00"] - known
        s.note(msgid("left: {left} kWh; the home used {used} kWh"), left=f"{left:.1f}", used=f"{_last():.1f}")
        s.tell(msgid("One alone sees the half hour of the one home: the resident."))
        fields = ["energy", "interval_start"]
        views = s.disclose(
            s.request(LONE, "ElectricityUse", "resident_access", "identified", fields=fields, subject=LONE)
        )
        evening = [v for v in views if v["interval_start"].startswith(THURSDAY)]
        s.chart((v["interval_start"][11:16], v["energy"], f"{v['energy']:.2f} kWh") for v in evening)
        s.log(LONE)


def _sums(s: Stage, who: str, name: str, purpose: str, starts: str, ends: str) -> dict[str, float]:
    """What one of them is told, by the start of each half hour that is shown."""
    s.tell(msgid("{who} asks for the use from {starts} to {ends}."), who=Message(name), starts=starts, ends=ends)
    cells = s.statistics(_request(s, who, purpose), {**LOAD, "period": _period(starts, ends)})
    s.chart(
        (keys(c)[0][11:16], value(c, "sum"), f"{value(c, 'sum') or 0:.1f} kWh / {c.get('group_size')}") for c in cells
    )
    return {keys(c)[0]: number for c in cells if (number := value(c, "sum")) is not None}


def _exact(starts: str, ends: str) -> float:
    """What a holder would say who adds nothing and hides nothing."""
    period = _period(starts, ends)
    within = (u for u in crowd.uses() if period["starts_at"] <= u["interval_start"] < period["ends_at"])
    return sum(float(use["energy"]) for use in within)


def _subtracted(s: Stage, sentence: str, sums: list[float]) -> None:
    first, second, third = sums
    left = abs(round(first + second - third, 6))
    s.note(sentence, sums=f"{first:.3f} + {second:.3f} − {third:.3f} = {left:.3f}")


def _last() -> float:
    return crowd.energy(GROUP - 1)


def _request(s: Stage, who: str, purpose: str) -> dict[str, Any]:
    return s.request(who, "ElectricityUse", purpose, "statistics", fields=["energy", "interval_start"])


def _period(starts: str, ends: str) -> dict[str, str]:
    return {"starts_at": f"{THURSDAY}T{starts}:00+09:00", "ends_at": f"{THURSDAY}T{ends}:00+09:00"}
