"""A care firm watches one meter with consent, and loses it on withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from machimori.demo.stage import CARE, POWER, stage
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.console import Console

RESIDENT = "urn:machimori:customer:power-31"
FIELDS = ["interval_start", "energy"]


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(POWER, language, out) as s:
        s.title(msgid("Care at a distance: one meter, with consent"))
        s.tell(
            msgid("Mimamori Care would like to see whether an elderly resident is up and about. It has no consent yet.")
        )
        s.disclose(s.request(CARE, "ElectricityUse", "welfare_watch", "identified", fields=FIELDS, subject=RESIDENT))
        s.tell(msgid("The resident signs: this firm, this purpose, two fields, one year."))
        s.now = "2026-08-19T20:00:00+09:00"
        consent = {
            **s.records["ConsentRecord"][0],
            "given_at": "2026-08-19T19:30:00+09:00",
            "expires_at": "2027-08-19T00:00:00+09:00",
        }
        s.sign(consent, RESIDENT)
        views = s.disclose(
            s.request(CARE, "ElectricityUse", "welfare_watch", "identified", fields=FIELDS, subject=RESIDENT)
        )
        s.chart((v["interval_start"][5:16].replace("T", " "), v["energy"], f"{v['energy']:.2f} kWh") for v in views)
        s.tell(msgid("The firm would like to sell air conditioners with it. Consent cannot widen the list."))
        s.disclose(s.request(CARE, "ElectricityUse", "marketing", "identified", fields=FIELDS, subject=RESIDENT))
        s.tell(msgid("And the neighbour's meter?"))
        s.disclose(
            s.request(
                CARE,
                "ElectricityUse",
                "welfare_watch",
                "identified",
                fields=FIELDS,
                subject="urn:machimori:customer:power-32",
            )
        )
        s.tell(msgid("On Saturday the resident withdraws. From that moment on, nothing."))
        s.now = "2026-08-22T10:00:00+09:00"
        assert s.gate.store is not None
        s.gate.store.withdraw(consent["id"], s.gate.clock())
        s.disclose(s.request(CARE, "ElectricityUse", "welfare_watch", "identified", fields=FIELDS, subject=RESIDENT))
        s.log(RESIDENT)
