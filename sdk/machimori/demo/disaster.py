"""In a typhoon the fire service gets one person's last location, for a day, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from machimori.demo.stage import AUDIT, CITY, FIRE, METI, TELECOM, stage

if TYPE_CHECKING:
    from rich.console import Console

RESIDENT = "urn:machimori:subscriber:0417"
FIELDS = ["place", "at"]


def show(scenario: str, language: str, out: Console) -> None:
    """Tell the story."""
    del scenario
    with stage(TELECOM, language, out) as s:
        s.now = "2026-08-21T21:05:00+09:00"
        s.title(("Typhoon night: one person is in danger", "台風の夜：一人が危険にある"))
        s.tell(
            (
                "A call for help breaks off. The fire service asks the carrier where the caller was last.",
                "助けを求める電話が途切れた。消防局は、最後の位置を電気通信事業者に尋ねる。",
            )
        )
        s.disclose(s.request(FIRE, "LastKnownLocation", "rescue", "identified", fields=FIELDS, subject=RESIDENT))
        s.tell(
            (
                "It signs a rescue order for this one person, for a day; the city and the audit office countersign.",
                "消防局は、この一人についての一日限りの救助命令に署名し、市と監査機関が副署する。",
            )
        )
        s.now = "2026-08-21T21:15:00+09:00"
        s.sign(s.records["RescueOrder"][0], FIRE, CITY, AUDIT)
        for view in s.disclose(
            s.request(FIRE, "LastKnownLocation", "rescue", "identified", fields=FIELDS, subject=RESIDENT)
        ):
            place = view["place"]
            s.out.print(f"    {view['at'][11:16]}  {place['latitude']:.4f}, {place['longitude']:.4f}", style="cyan")
        s.tell(
            (
                "The order is no key to others: the city asks where everybody is.",
                "命令は他の人への鍵にならない。市は全員の位置を求める。",
            )
        )
        s.disclose(s.request(CITY, "LastKnownLocation", "disaster_response", "identified", fields=FIELDS))
        s.tell(
            (
                "Where phones and power are out is known without anybody's position: outages are open.",
                "通信の途絶は、誰の位置も知らずに分かる。障害の情報は公開されている。",
            )
        )
        outages = s.disclose(s.request(CITY, "TelecomOutage", "disaster_response", "identified"))
        s.out.print(f"    {len(outages)}", style="cyan")
        s.tell(
            (
                "METI demands, under the Electricity Business Act, what is about persons: people answer that, not a machine.",
                "経済産業省が個人に関する情報を求めるときは、機械でなく人が答える。",
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
        s.tell(("The next evening the order has lapsed.", "翌日の夜、命令は効力を失っている。"))
        s.now = "2026-08-22T22:00:00+09:00"
        s.disclose(s.request(FIRE, "LastKnownLocation", "rescue", "identified", fields=FIELDS, subject=RESIDENT))
        s.log(RESIDENT)
