"""A Merkle tree as RFC 6962 defines it: hashes, proofs of inclusion and consistency, and how to check them.

A tree is read through a function `read(level, first, count)` that gives consecutive nodes of one level. Level 0 are the
leaves' hashes; besides them only every eighth level has to be kept, the rest is computed from at most 256 of these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

STRIDE = 8  # levels between two that are kept: a tile sums up 256 nodes
EMPTY = hashlib.sha256(b"").digest()
Read = Callable[[int, int, int], Sequence[bytes]]


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf; the zero before it keeps a leaf from being passed off as a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def reader(leaves: Sequence[bytes]) -> Read:
    """Return how to read a tree of which only the leaves are at hand."""

    def read(level: int, first: int, count: int) -> list[bytes]:
        width = 1 << level
        return [fold(leaves[n * width : (n + 1) * width]) for n in range(first, first + count)]

    return read


def fold(nodes: Sequence[bytes]) -> bytes:
    """Return the node above a power of two of nodes.

    :raises ValueError: for any other number of them
    """
    if not nodes or len(nodes) & (len(nodes) - 1):
        raise ValueError("only a power of two of nodes makes a complete subtree")
    level = list(nodes)
    while len(level) > 1:
        level = [node_hash(level[n], level[n + 1]) for n in range(0, len(level), 2)]
    return level[0]


def root(read: Read, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return subtree(read, 0, size) if size else EMPTY


def subtree(read: Read, first: int, last: int) -> bytes:
    """Return the hash over the leaves from `first` to before `last` (RFC 6962, section 2.1)."""
    width = last - first
    height = width.bit_length() - 1
    if width == 1 << height:
        level = height - height % STRIDE
        return fold(read(level, first >> level, width >> level))
    cut = first + (1 << height)
    return node_hash(subtree(read, first, cut), subtree(read, cut, last))


def inclusion_path(read: Read, position: int, size: int) -> tuple[bytes, ...]:
    """Return the nodes that lead from a leaf to the root, from below (RFC 6962, section 2.1.1).

    :raises ValueError: the tree has no such leaf
    """
    if not 0 <= position < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {position}")
    return tuple(_path(read, position, 0, size))


def _path(read: Read, position: int, first: int, last: int) -> list[bytes]:
    if last - first == 1:
        return []
    cut = first + _split(last - first)
    if position < cut:
        return [*_path(read, position, first, cut), subtree(read, cut, last)]
    return [*_path(read, position, cut, last), subtree(read, first, cut)]


def _split(width: int) -> int:
    """Return the largest power of two below a width."""
    return 1 << (width - 1).bit_length() - 1


def consistency_path(read: Read, old: int, new: int) -> tuple[bytes, ...]:
    """Return the nodes that show the tree of `old` leaves to be the beginning of that of `new` (section 2.1.2).

    :raises ValueError: the sizes are not in order
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not go on from one of {old}")
    return tuple(_steps(read, old, 0, new, whole=True)) if old < new else ()


def _steps(read: Read, old: int, first: int, last: int, *, whole: bool) -> list[bytes]:
    if old == last:
        return [] if whole else [subtree(read, first, last)]
    cut = first + _split(last - first)
    if old <= cut:
        return [*_steps(read, old, first, cut, whole=whole), subtree(read, cut, last)]
    return [*_steps(read, old, cut, last, whole=False), subtree(read, first, cut)]


def includes(leaf: bytes, position: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether a path leads from a leaf's hash to the root of a tree (RFC 9162, section 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    at, last, here = position, size - 1, leaf
    for node in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            here = node_hash(node, here)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            here = node_hash(here, node)
        at, last = at >> 1, last >> 1
    return last == 0 and here == expected


def continues(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether a tree goes on from an earlier one without changing it (RFC 9162, section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    nodes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not nodes:
        return False
    before = after = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(node, before), node_hash(node, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, node)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root
