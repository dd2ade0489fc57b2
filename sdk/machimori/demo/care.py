"""A care firm watches one meter with consent, and loses it on withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from machimori.demo.stage import CARE, POWER, stage

if TYPE_CHECKING:
    from rich.console import Console

RESIDENT = "urn:machimori:customer:power-31"
FIELDS = ["interval_start", "energy"]


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(POWER, language, out) as s:
        s.title(("Care at a distance: one meter, with consent", "離れた見守り：同意による一つの計器"))
        s.tell(
            (
                "Mimamori Care would like to see whether an elderly resident is up and about. It has no consent yet.",
                "見守りケアは、高齢の住民が普段どおりかを見守りたい。まだ同意はない。",
            )
        )
        s.disclose(s.request(CARE, "ElectricityUse", "welfare_watch", "identified", fields=FIELDS, subject=RESIDENT))
        s.tell(
            (
                "The resident signs: this firm, this purpose, two fields, one year.",
                "住民が署名する。この事業者、この目的、二つの項目、一年間。",
            )
        )
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
        s.tell(
            (
                "The firm would like to sell air conditioners with it. Consent cannot widen the list.",
                "事業者は、これを使って空調機を売りたい。同意があっても、目的の一覧は広がらない。",
            )
        )
        s.disclose(s.request(CARE, "ElectricityUse", "marketing", "identified", fields=FIELDS, subject=RESIDENT))
        s.tell(("And the neighbour's meter?", "隣の計器は。"))
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
        s.tell(
            (
                "On Saturday the resident withdraws. From that moment on, nothing.",
                "土曜、住民が同意を撤回する。その時から、何も渡されない。",
            )
        )
        s.now = "2026-08-22T10:00:00+09:00"
        assert s.gate.store is not None
        s.gate.store.withdraw(consent["id"], s.gate.clock())
        s.disclose(s.request(CARE, "ElectricityUse", "welfare_watch", "identified", fields=FIELDS, subject=RESIDENT))
        s.log(RESIDENT)
