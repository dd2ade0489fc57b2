"""In a typhoon the fire service gets one person's last location, for a day, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from machimori.demo.stage import AUDIT, CITY, FIRE, METI, TELECOM, stage
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.console import Console

RESIDENT = "urn:machimori:subscriber:0417"
FIELDS = ["place", "at"]


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(TELECOM, language, out) as s:
        s.now = "2026-08-21T21:05:00+09:00"
        s.title(msgid("Typhoon night: one person is in danger"))
        s.tell(msgid("A call for help breaks off. The fire service asks the carrier where the caller was last."))
        s.disclose(s.request(FIRE, "LastKnownLocation", "rescue", "identified", fields=FIELDS, subject=RESIDENT))
        s.tell(
            msgid("It signs a rescue order for this one person, for a day; the city and the audit office countersign.")
        )
        s.now = "2026-08-21T21:15:00+09:00"
        s.sign(s.records["RescueOrder"][0], FIRE, CITY, AUDIT)
        for view in s.disclose(
            s.request(FIRE, "LastKnownLocation", "rescue", "identified", fields=FIELDS, subject=RESIDENT)
        ):
            place = view["place"]
            s.out.print(f"    {view['at'][11:16]}  {place['latitude']:.4f}, {place['longitude']:.4f}", style="cyan")
        s.tell(msgid("The order is no key to others: the city asks where everybody is."))
        s.disclose(s.request(CITY, "LastKnownLocation", "disaster_response", "identified", fields=FIELDS))
        s.tell(msgid("Where phones and power are out is known without anybody's position: outages are open."))
        outages = s.disclose(s.request(CITY, "TelecomOutage", "disaster_response", "identified"))
        s.out.print(f"    {len(outages)}", style="cyan")
        s.tell(
            msgid(
                "METI demands, under the Electricity Business Act, what is about persons: people answer that, not a machine."
            )
        )
        s.sign(
            {
                **s.records["LawfulDemand"][0],
                "recipient": {"id": METI, "kind": "national_government", "country": "JP"},
                "fields": ["LastKnownLocation.place"],
                "starts_at": "2026-08-21T20:00:00+09:00",
            },
            METI,
        )
        s.disclose(
            s.request(METI, "LastKnownLocation", "disaster_response", "identified", fields=["place"], subject=RESIDENT)
        )
        s.tell(msgid("The next evening the order has lapsed."))
        s.now = "2026-08-22T22:00:00+09:00"
        s.disclose(s.request(FIRE, "LastKnownLocation", "rescue", "identified", fields=FIELDS, subject=RESIDENT))
        s.log(RESIDENT)
