"""The Merkle tree, against the vectors of certificate transparency and against itself in every small size."""

from __future__ import annotations

import pytest

from xiaoneng.kit import merkle

# The eight leaves and the roots of the trees that begin them, as the reference implementations of RFC 6962 test them.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
MANY = [merkle.leaf_hash(b"%d" % n) for n in range(600)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size):
    assert merkle.root(merkle.reader(HASHES), size).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert merkle.root(merkle.reader([]), 0).hex().startswith("e3b0c44298fc1c14")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 100, 255, 256, 257, 511, 600])
def test_every_leaf_is_shown_to_be_in_the_tree_and_nowhere_else(size):
    read = merkle.reader(MANY)
    root = merkle.root(read, size)
    for position in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        path = merkle.inclusion_path(read, position, size)
        assert merkle.includes(MANY[position], position, size, path, root)
        assert not merkle.includes(MANY[(position + 1) % 600], position, size, path, root)
        assert not merkle.includes(MANY[position], position + 1, size, path, root)
        assert not merkle.includes(MANY[position], position, size, (*path, root), root)
        assert not path or not merkle.includes(MANY[position], position, size, path[:-1], root)


@pytest.mark.parametrize("new", [1, 2, 3, 6, 7, 8, 13, 64, 65])
def test_every_earlier_tree_is_shown_to_be_the_beginning_of_a_later_one(new):
    read = merkle.reader(MANY)
    later = merkle.root(read, new)
    for old in range(1, new + 1):
        path, earlier = merkle.consistency_path(read, old, new), merkle.root(read, old)
        assert merkle.continues(old, new, earlier, later, path)
        assert not merkle.continues(old, new, merkle.root(read, old % new + 1) if new > 1 else later[::-1], later, path)
        assert not merkle.continues(old, new, earlier, earlier[::-1], path)


def test_a_tree_with_another_beginning_is_no_continuation():
    forged = [*MANY[:5], merkle.leaf_hash(b"forged"), *MANY[6:100]]
    path = merkle.consistency_path(merkle.reader(forged), 50, 100)
    honest, other = merkle.root(merkle.reader(MANY), 50), merkle.root(merkle.reader(forged), 100)
    assert not merkle.continues(50, 100, honest, other, path)


def test_only_every_eighth_level_is_ever_read():
    asked = set()

    def read(level, first, count):
        asked.add((level, count))
        return merkle.reader(MANY)(level, first, count)

    merkle.inclusion_path(read, 300, 600)
    assert {level for level, _ in asked} <= {0, 8}
    assert max(count for _, count in asked) <= 256


@pytest.mark.parametrize("position, size", [(-1, 5), (5, 5), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_path(position, size):
    with pytest.raises(ValueError):
        merkle.inclusion_path(merkle.reader(MANY), position, size)
    assert not merkle.includes(MANY[0], position, size, (), MANY[0])
