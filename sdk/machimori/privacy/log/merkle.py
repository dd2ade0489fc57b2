"""The Merkle tree of a log (RFC 6962 section 2.1), and what its proofs prove (RFC 9162 sections 2.1.3.2 and 2.1.4.2).

All functions are pure. A tree is given by the hashes of its leaves in order; ``frontier`` is its right edge: the roots of
the complete subtrees from left to right, one for each bit that is set in the number of leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root of the tree without leaves."""


def leaf(content: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def extended(frontier: Sequence[bytes], size: int, added: bytes) -> tuple[bytes, ...]:
    """The right edge of a tree of ``size`` leaves after one more."""
    edge = list(frontier)
    while size & 1:
        added = node(edge.pop(), added)
        size >>= 1
    return (*edge, added)


def root(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree with this right edge."""
    if not frontier:
        return EMPTY
    found = frontier[-1]
    for left in reversed(frontier[:-1]):
        found = node(left, found)
    return found


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from leaf ``index`` up to the root."""
    return _beside(_levels(leaves), 0, index)


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """What shows that the first ``old`` leaves are the tree that once had ``old`` leaves."""
    if old in (0, len(leaves)):
        return []
    levels, level, index = _levels(leaves), 0, old - 1
    while index & 1:
        level, index = level + 1, index >> 1
    start = [levels[level][index]] if index else []
    return start + _beside(levels, level, index)


def verify_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether ``proof`` shows the leaf ``hashed`` at ``index`` in the tree of ``size`` leaves with root ``expected``."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, hashed
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of ``new`` leaves begins with the tree of ``old`` leaves."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    path = [old_root, *proof] if old & (old - 1) == 0 else [*proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node(beside, found_old), node(beside, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node(found_new, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Every level of the tree from the leaves up; a node without a sibling stands in the next level too."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(above + below[2 * len(above) :])
    return levels


def _beside(levels: Sequence[Sequence[bytes]], level: int, index: int) -> list[bytes]:
    found = []
    for nodes in levels[level:-1]:
        sibling = index ^ 1
        if sibling < len(nodes):
            found.append(nodes[sibling])
        index >>= 1
    return found
