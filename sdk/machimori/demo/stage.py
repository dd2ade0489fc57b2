"""The stage of the scenarios: the week in Minato ward, its holders' gates with keys and logs, and a narrator."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machimori import messages
from machimori.catalogue import catalogue
from machimori.catalogue.terms import Text
from machimori.messages import Message, msgid
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.statistics.kept import MemoryKept
from machimori.samples.week import records as week
from machimori.standards.time import moment

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey
    from rich.console import Console

ORG = "urn:machimori:org:"
CITY, FIRE, AUDIT, METI = (f"{ORG}{n}" for n in ("minatogawa-city", "minatogawa-fire", "minatogawa-audit", "meti"))
CARE, POWER, TRANSIT, TELECOM = (
    f"{ORG}{n}" for n in ("mimamori-care", "minato-power", "minato-transit", "minato-telecom")
)
KINDS = {
    CITY: "municipality",
    FIRE: "emergency_service",
    METI: "national_government",
    CARE: "company",
    POWER: "company",
    TRANSIT: "company",
    TELECOM: "company",
}
SIGNS = {CITY: ["EmergencyOrder", "RescueOrder"], FIRE: ["RescueOrder"], AUDIT: ["RescueOrder"], METI: ["LawfulDemand"]}
WARD_CODE = "282987"
"""The local-government code of the ward. No such code is in use; its check digit is right."""
SECRET = sha256(b"Minato ward").digest()
"""The statistics secret of every holder of the stories, so that they are the same each time. A real one is nobody's to read."""
BAR = 32
SUPPRESSED, NOTHING = msgid("suppressed"), msgid("nothing", context="given")


class Stage:
    """One holder of the ward, its gate with a store of its own, and the words for what happens."""

    def __init__(
        self, holder: str, language: str, out: Console, folder: Path, more: Iterable[dict[str, Any]] = ()
    ) -> None:
        self.language, self.out, self.folder = language, out, folder
        self._more = tuple(more)
        self.now = "2026-08-24T09:00:00+09:00"
        self.number = 0
        self.gate = Gate(
            self._holding(holder),
            store=folder / "gate.db",
            clock=lambda: moment(self.now) or 0.0,
            areas={WARD_CODE: tuple(self.districts)},
            kept=MemoryKept(SECRET),
        )

    @cached_property
    def records(self) -> dict[str, list[dict[str, Any]]]:
        """The week by class, and what this story adds to it."""
        held: dict[str, list[dict[str, Any]]] = {}
        for record in (*week(), *self._more):
            held.setdefault(str(record["type"]), []).append(record)
        return held

    @cached_property
    def districts(self) -> dict[str, str]:
        """The name of each district by the grid square of about 1 km that it is, as a holder knows them."""
        areas = (record["area"] for record in self.records["PopulationStatistics"])
        return {area["mesh_code"]: area["name"] for area in areas if "mesh_code" in area}

    # -- who is who -------------------------------------------------------------------------------------------------------

    def key(self, owner: str) -> OKPKey:
        """The key pair of a party, made when it is first needed."""
        key: OKPKey = self._keys[owner]
        return key

    @cached_property
    def _keys(self) -> Any:
        from joserfc.jwk import OKPKey as Key

        class Keys(dict[str, Any]):
            def __missing__(self, owner: str) -> Any:
                self[owner] = Key.generate_key("Ed25519")
                return self[owner]

        return Keys()

    def _public(self, owner: str) -> dict[str, Any]:
        jwk = self.key(owner).as_dict(private=False)
        return {name: jwk[name] for name in ("kty", "crv", "x")}

    def _holding(self, holder: str) -> dict[str, Any]:
        party = {"id": holder, "kind": KINDS[holder], "country": "JP"}
        residents = [r["id"] for r in self.records["Customer"][:40]]
        return {
            "type": "Holding",
            "id": holder.replace(":org:", ":holding:"),
            "holder": party,
            "collector": party,
            "parties": [{"id": i, "kind": k, "country": "JP"} for i, k in KINDS.items() if i != holder],
            "trusted_keys": [
                *({"key": self._public(o), "party": o, "signs": s} for o, s in SIGNS.items()),
                *({"key": self._public(r), "party": r, "signs": ["ConsentRecord"], "for": [r]} for r in residents),
            ],
        }

    def sign(self, document: Mapping[str, Any], *signers: str) -> None:
        """Sign a document and put it into the holder's store."""
        assert self.gate.store is not None
        for signer in signers:
            self.gate.store.add_signed(signed(dict(document), self.key(signer)))

    # -- telling ------------------------------------------------------------------------------------------------------------

    def title(self, sentence: str) -> None:
        """Begin a part of the story with its title, a sentence of the catalogue of messages."""
        self.out.print(messages.text(self.language, sentence), style="bold underline")

    def tell(self, sentence: str, **facts: object) -> None:
        """A sentence of the story."""
        self.out.print()
        self.out.print(messages.text(self.language, sentence, **facts))

    def note(self, sentence: str, **facts: object) -> None:
        """A finding below a sentence."""
        self.out.print("    " + messages.text(self.language, sentence, **facts), style="cyan")

    def request(self, who: str, entity: str, purpose: str, form: str, **more: Any) -> dict[str, Any]:
        """A request of a party, at the moment of the story."""
        self.number += 1
        kind = KINDS.get(who, "person")
        return {
            "type": "DisclosureRequest",
            "id": f"urn:uuid:00000000-0000-4000-8000-{self.number:012d}",
            "at": self.now,
            "requester": {"id": who, "kind": kind} | ({"country": "JP"} if who in KINDS else {}),
            "role": "data_subject" if kind == "person" else "third_party",
            "purpose": purpose,
            "form": form,
            "entity": entity,
            **more,
        }

    def disclose(self, request: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Ask for records, tell what came of it, and give the views."""
        found = self.gate.disclose(self.records[request["entity"]], request)
        views = [view for view in found if isinstance(view, dict)]
        self._answer(request, found.decision, len(views))
        return views

    def statistics(self, request: Mapping[str, Any], query: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Ask for statistics, tell what came of it, and give the cells."""
        found = self.gate.statistics(self.records[request["entity"]], request, {"type": "StatisticsQuery", **query})
        self._answer(request, found.decision, sum(not c["suppressed"] for c in found.cells))
        if found.release is not None:
            facts = {"name": found.release["table"], "groups": len(found.cells)}
            hidden = found.release["suppressed_cells"]
            made = msgid("  made: table {name}, each figure with noise; {hidden} of {groups} groups suppressed")
            self.out.print(messages.text(self.language, made, hidden=hidden, **facts), style="dim")
        if found.nearest is not None:
            near = messages.text(self.language, "  nearest table: {name}", name=found.nearest)
            self.out.print(near, style="dim")
        return found.cells

    def _answer(self, request: Mapping[str, Any], decision: Decision, count: int) -> None:
        def word(enum: str, value: str) -> Text:
            return catalogue.enumeration(enum).values[value].title

        form, purpose = word("DisclosureForm", request["form"]), word("Purpose", request["purpose"])
        asked = (catalogue.class_(request["entity"]).title, form, purpose)
        given = Message(NOTHING)
        if not decision.denied:
            given = Message("{form} ({count})", form=word("DisclosureForm", decision.form), count=count)
        self.out.print(messages.text(self.language, "  asks: {what}", what=asked), style="dim")
        said = messages.text(self.language, "  gets: {what}", what=given)
        self.out.print(said, style="red" if decision.denied else "green")
        said = messages.text(self.language, "  because: {what} [{rule}]", what=decision, rule=decision.rule)
        self.out.print(said, style="dim")

    def chart(self, rows: Iterable[tuple[str, float | None, str]]) -> None:
        """Bars with a label and a text each; ``None`` is a suppressed value."""
        held = list(rows)
        most = max((v for _, v, _ in held if v), default=1.0)
        width = max((_width(label) for label, _, _ in held), default=0)
        for label, value, text in held:
            bar = "░" * 3 if value is None else "█" * max(1, round(value / most * BAR))
            shown = messages.text(self.language, SUPPRESSED) if value is None else text
            self.out.print(
                f"    {label}{' ' * (width - _width(label))}  {bar} {shown}",
                style="yellow" if value is None else "cyan",
            )

    def log(self, subject: str) -> None:
        """What the person concerned finds in the log, and that nobody changed it."""
        assert self.gate.store is not None
        from machimori.privacy.log.wording import sentence

        log = self.gate.store.log
        self.out.print()
        self.out.print(messages.text(self.language, "What the resident sees in the log"), style="bold")
        for entry in log.entries(subject=subject):
            self.out.print(f"  {sentence(entry, self.language)}")
        assert log.verify() == []
        told = messages.text(
            self.language, "The log is as it was written: {count} entries, every change would show.", count=log.size()
        )
        self.out.print(told, style="dim")


@contextmanager
def stage(holder: str, language: str, out: Console, more: Iterable[dict[str, Any]] = ()) -> Iterator[Stage]:
    """The gate of a holder for one scenario, with records beside those of the week; its store goes when the scenario ends."""
    with tempfile.TemporaryDirectory() as folder:
        made = Stage(holder, language, out, Path(folder), more)
        try:
            yield made
        finally:
            if made.gate.store is not None:
                made.gate.store.close()


def value(cell: Mapping[str, Any], function: str) -> float | None:
    """A value of a cell; ``None`` where it is suppressed."""
    return next(
        (v["released_value"] for v in cell.get("cell_values") or () if v["aggregate_function"] == function), None
    )


def keys(cell: Mapping[str, Any]) -> Sequence[str]:
    """What a cell is about."""
    return [k["key_value"] for k in cell.get("cell_keys") or ()]


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
