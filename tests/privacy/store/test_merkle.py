"""The tree against RFC 6962 section 2.1, written down here a second time as it stands there."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machimori.privacy.log import merkle

CT_LEAVES = [
    bytes.fromhex(h)
    for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The vectors that implementations of Certificate Transparency share."""


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    return 1 << ((n - 1).bit_length() - 1)


def mth(d: list[bytes]) -> bytes:
    if not d:
        return sha256(b"").digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = split(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], whole: bool) -> list[bytes]:
    n = len(d)
    if m == n:
        return [] if whole else [mth(d)]
    k = split(n)
    return [*subproof(m, d[:k], whole), mth(d[k:])] if m <= k else [*subproof(m - k, d[k:], False), mth(d[:k])]


def edge(d: list[bytes]) -> tuple[bytes, ...]:
    frontier: tuple[bytes, ...] = ()
    for size, content in enumerate(d):
        frontier = merkle.extended(frontier, size, merkle.leaf(content))
    return frontier


def leaves(d: list[bytes]) -> list[bytes]:
    return [merkle.leaf(content) for content in d]


contents = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


@pytest.mark.parametrize("size", range(9))
def test_published_vectors(size: int) -> None:
    assert merkle.root(edge(CT_LEAVES[:size])).hex() == mth(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@pytest.mark.full
@given(contents)
def test_the_right_edge_gives_the_root(d: list[bytes]) -> None:
    assert merkle.root(edge(d)) == mth(d)
    assert len(edge(d)) == len(d).bit_count()


@pytest.mark.full
@given(contents, st.data())
def test_inclusion(d: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(d) - 1))
    proof = merkle.inclusion_proof(leaves(d), index)
    assert proof == path(index, d)
    assert merkle.verify_inclusion(merkle.leaf(d[index]), index, len(d), proof, mth(d))


@pytest.mark.full
@given(contents, st.data())
def test_consistency(d: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(d)))
    proof = merkle.consistency_proof(leaves(d), old)
    assert proof == subproof(old, d, True)
    assert merkle.verify_consistency(old, len(d), mth(d[:old]), mth(d), proof)


@pytest.mark.full
@given(contents, st.data())
def test_no_other_proof_is_accepted(d: list[bytes], data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, len(d) - 1)), data.draw(st.integers(1, len(d)))
    inclusion, consistency = path(index, d), subproof(old, d, True)
    other = data.draw(st.binary(min_size=32, max_size=32))
    for proof in (inclusion, consistency):
        wrong = [
            [*proof, other],
            *([*proof[:i], other, *proof[i + 1 :]] for i in range(len(proof))),
            *([proof[:-1]] if proof else []),
        ]
        for bad in wrong:
            if proof is inclusion:
                assert not merkle.verify_inclusion(merkle.leaf(d[index]), index, len(d), bad, mth(d))
            if proof is consistency:
                assert not merkle.verify_consistency(old, len(d), mth(d[:old]), mth(d), bad)
    assert not merkle.verify_inclusion(merkle.leaf(d[index] + b"!"), index, len(d), inclusion, mth(d))
    assert not merkle.verify_consistency(old, len(d), other, mth(d), consistency)


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0), (5, 3)])
def test_no_place_beyond_the_tree(index: int, size: int) -> None:
    assert not merkle.verify_inclusion(merkle.leaf(b""), index, size, [], merkle.leaf(b""))


def test_every_tree_begins_with_the_empty_one() -> None:
    assert merkle.consistency_proof(leaves(CT_LEAVES), 0) == []
    assert merkle.verify_consistency(0, 8, merkle.EMPTY, bytes.fromhex(CT_ROOTS[8]), [])
    assert not merkle.verify_consistency(0, 8, bytes(32), bytes.fromhex(CT_ROOTS[8]), [])
    assert not merkle.verify_consistency(9, 8, merkle.EMPTY, bytes.fromhex(CT_ROOTS[8]), [])
