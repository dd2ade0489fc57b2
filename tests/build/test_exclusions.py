"""What the model refuses of other standards is data: held against the model, in the catalogue, and told to the reader."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.build.shared import model
from tests.lazily import Lazily

from machimori.build import exclusions
from machimori.build.sources import Sources
from machimori.catalogue import catalogue

gate = Lazily("machimori.build.gate")

pytestmark = pytest.mark.full

MODEL = Path(str(files("machimori.sources")))
GOOD: dict[str, Any] = {
    "term": {"en": "OCPI Token.uid", "ja": "OCPI Token.uid"},
    "iris": ["https://example.org/token"],
    "class": "ChargingSession",
    "why": {"en": "It names its owner.", "ja": "所有者を示すため。"},
    "instead": ["ChargingSession.charging_user", "ChargingPoint"],
}


def faults(folder: Path, **changes: Any) -> list[gate.Fault]:
    text = yaml.dump({"exclusions": {"token": GOOD | changes}}, allow_unicode=True, Dumper=yaml.CSafeDumper)
    (folder / "exclusions.yaml").write_text(text, encoding="utf-8")
    return list(exclusions.faults(model(), Sources(folder), gate.Fault))


def test_an_exclusion_that_says_everything_passes(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "code", "detail"),
    [
        ({"class": "ChargingSesion"}, "MM914", "ChargingSesion"),
        ({"class": None}, "MM914", "None"),
        ({"instead": ["ChargingSession.token"]}, "MM914", "ChargingSession.token"),
        ({"instead": ["Nowhere"]}, "MM914", "Nowhere"),
        ({"instead": []}, "MM907", "instead"),
        ({"term": "OCPI Token.uid"}, "MM907", "term"),
        ({"why": {"en": "It names its owner."}}, "MM907", "why"),
        ({"why": {"en": "", "ja": "所有者を示すため。"}}, "MM907", "why"),
    ],
)
def test_a_broken_exclusion_is_named(tmp_path: Path, changes: dict[str, Any], code: str, detail: str) -> None:
    (fault,) = faults(tmp_path, **changes)
    assert (fault.code, fault.element, fault.detail) == (code, "token", detail)
    assert str(fault.place) == "exclusions.yaml:2"


def test_nothing_is_both_refused_and_mapped(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, iris=["http://www.w3.org/ns/sosa/Sensor"])
    assert (fault.code, fault.detail) == ("MM909", "http://www.w3.org/ns/sosa/Sensor is also a mapping of Device")


def test_the_catalogue_has_every_exclusion_of_the_model() -> None:
    written = yaml.safe_load((MODEL / "crosswalk" / "exclusions.yaml").read_text(encoding="utf-8"))["exclusions"]
    held = catalogue.catalogue()
    assert held["exclusions"] == written
    assert {e["class"] for e in written.values()} <= held["classes"].keys()


def test_a_class_names_its_exclusions() -> None:
    terms = [e["term"]["en"] for e in catalogue.exclusions("ChargingSession")]
    assert terms == ["OCPI Session.id; Smart Data Models transactionId", "OCPI Token.uid, Session.cdr_token"]
    assert catalogue.exclusions("Place") == []
