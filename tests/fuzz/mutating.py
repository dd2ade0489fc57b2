"""Change JSON as JSON, so that a search gets past the parser: bytes changed at random seldom are a document any more.

Half of the changes are of bytes all the same, for the parser's own sake.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests import raw

Mutate = Callable[[bytes, int], bytes]
KEYWORDS = (
    *("@context", "@id", "@type", "@value", "@language", "@graph", "@list", "@set", "@reverse", "@vocab", "@base"),
    *("@included", "@index", "@nest", "@container", "@json", "@none", "@direction", "@import", "@version"),
)
STRANGE = (
    None,
    True,
    False,
    0,
    -0.0,
    1e308,
    2**63,
    -1,
    "",
    "\x00",
    "\ud800",
    "é",
    "//",
    "urn:x:y",
    "_:b",
    [],
    {},
    [[]],
    [None],
)


def words() -> list[str]:
    """Keys that mean something: of the model, and of JSON-LD."""
    classes = raw.catalogue()["classes"]
    return [*KEYWORDS, *sorted({name for c in classes.values() for name in c["fields"]}), *sorted(classes)]


def json_mutator(mutate: Mutate) -> Callable[[bytes, int, int], bytes]:
    """A mutator of documents; ``mutate`` changes bytes."""
    known = words()

    def mutated(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return mutate(data, longest)
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return mutate(data, longest)
        for _ in range(chance.randint(1, 3)):
            document = _changed(document, chance, known)
        text = json.dumps(document).encode()
        return text if len(text) <= longest else mutate(data, longest)

    return mutated


def _changed(document: Any, chance: random.Random, known: list[str]) -> Any:
    """The document with one part of it replaced, renamed, wrapped, repeated or gone."""
    holders = [h for h in _holders(document) if h]
    if not holders or chance.random() < 0.05:
        return chance.choice(([document], {chance.choice(known): document}, {"@graph": [document]}))
    holder = chance.choice(holders)
    place = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    other = chance.choice(holders)
    own = holder[place]
    match chance.randrange(6):
        case 0:
            holder[place] = _copied(chance.choice((*STRANGE, chance.choice(known))))
        case 1:
            del holder[place]
        case 2:
            holder[place] = _copied(chance.choice((other, [own], [own, own], {"@value": own}, {"@id": own})))
        case 3 if isinstance(holder, dict):
            holder[chance.choice(known)] = holder.pop(place)
        case 4 if isinstance(holder, dict):
            holder[chance.choice(known)] = _copied(own)
        case _:
            holder[place] = str(own)
    return document


def _copied(part: Any) -> Any:
    """A part with nothing in common with any other, so that no change is made in two places and nothing holds itself."""
    return json.loads(json.dumps(part))


def _holders(node: Any) -> list[Any]:
    """The objects and arrays of a document."""
    found, waiting = [], [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (dict, list)):
            found.append(node)
            waiting.extend(node.values() if isinstance(node, dict) else node)
    return found
