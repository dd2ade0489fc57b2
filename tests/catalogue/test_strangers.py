"""What an object of no known class says of its place is not passed over."""

from __future__ import annotations

import json

from machimori.privacy.disclosure import areas

INSIDE = {"area": {"local_government_code": "131016"}}
SIGNAL = {"type": "SimpleLevelSignal"}


def lies(record: object) -> bool:
    return areas.inside(json.dumps(record).encode(), "DemandResponseEvent", ("131016",))


def test_a_record_with_an_object_of_no_known_class_lies_in_no_area() -> None:
    assert lies(INSIDE | {"signals": [SIGNAL]})
    for stranger in ({}, {"type": "Nope"}, {"type": "Place"}, {"type": ["SimpleLevelSignal"]}):
        assert not lies(INSIDE | {"signals": [SIGNAL, stranger]})
