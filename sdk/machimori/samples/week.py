"""A week in Minato ward (みなと区の一週間): one connected story over every domain of the model, all of it invented.

Monday 17 to Sunday 23 August 2026 in みなと区, a ward of the invented designated city 港川市. The heat grows until
Wednesday evening, when the power company asks households to save; from Friday afternoon a typhoon passes: evacuation,
outages, one rescue; on Sunday the ward clears up. Some records reach back, as history does: contracts, facilities,
weekly health figures.

What a record refers to is in the story, and figures that stand for one another agree: the flows between districts are
the count of the trips, a feeder carries at least what its households use, no shelter holds more people than it may.
The records are data, ``model/examples/week/<domain>.ndjson``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

Record = dict[str, object]


def records() -> Iterator[Record]:
    """The records of the week as JSON data, a domain after the other, each line read when it is asked for.

    >>> next(records())["name"]
    '港川市立みなと図書館'
    """
    for file in sorted((files("machimori.sources") / "examples" / "week").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".ndjson"):
            with file.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)
