"""A week in Minato ward (みなと区の一週間): one connected story over every domain of the model, all of it invented.

Monday 17 to Sunday 23 August 2026 in みなと区, a ward of the invented designated city 港川市. The heat grows until
Wednesday evening, when the power company asks households to save; from Friday afternoon a typhoon passes: evacuation,
outages, one rescue; on Sunday the ward clears up. Some records reach back, as history does: contracts, facilities,
weekly health figures.

What a record refers to is in the story, and figures that stand for one another agree: the flows between districts are
the count of the trips, a feeder carries at least what its households use, no shelter holds more people than it may.
"""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week import (
    administration,
    appliances,
    buildings,
    catalogue,
    charging,
    city,
    conformance,
    contracts,
    disaster,
    documents,
    energy,
    environment,
    grid,
    health,
    movement,
    parking,
    sharing,
    telecom,
    traffic,
    transit,
    water,
)
from machimori.samples.week.making import Record
from machimori.samples.week.story import Story

__all__ = ["SEED", "records"]

SEED = 20261116
THEMES = (
    city,
    documents,
    energy,
    grid,
    appliances,
    buildings,
    charging,
    traffic,
    parking,
    sharing,
    transit,
    movement,
    telecom,
    environment,
    water,
    contracts,
    health,
    disaster,
    administration,
    catalogue,
    conformance,
)


def records(seed: int = SEED) -> Iterator[Record]:
    """The records of the week as JSON data, the same for the same seed on any day and any machine.

    >>> next(records())["name"]
    '港川市'
    """
    story = Story(seed)
    for theme in THEMES:
        yield from theme.records(story)
