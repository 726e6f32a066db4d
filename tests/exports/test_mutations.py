"""Any single change to a proof is found: in the files as they lie, and, where the journal covers it, behind a manifest
that was made anew. Clean proofs give no alarm."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from tampering import Proof, kinds, own_key

# What no hash of a journal covers: the kind and the department of a matter's row, and to which calendar it leads.
NOT_IN_THE_JOURNAL = {"kind", "department", "since"}
THE_JOURNAL = ("checkpoints", "log", "entries", "matters")
EVERY_FILE = ("keys", *THE_JOURNAL)


def mutate(proof: Proof, chance: random.Random, names: tuple[str, ...]) -> str:
    """Make one change somewhere, and say which."""
    name = chance.choice(names)
    rows = proof.rows[name]
    n = chance.randrange(len(rows))
    how = chance.random()
    if how < 0.08:
        del rows[n]
        return f"{name}[{n}] removed"
    if how < 0.14:
        rows.insert(n, copy.deepcopy(rows[n]))
        return f"{name}[{n}] doubled"
    if how < 0.2 and len(rows) > 1:
        m = (n + 1) % len(rows)
        rows[n], rows[m] = rows[m], rows[n]
        return f"{name}[{n}] exchanged with {m}"
    return f"{name}[{n}].{_change(rows[n], chance)}"


def _change(row: dict[str, Any], chance: random.Random) -> str:
    key = chance.choice([key for key in row if key not in NOT_IN_THE_JOURNAL])
    if chance.random() < 0.05:
        del row[key]
        return f"{key} gone"
    before = row[key]
    if key in ("body", "numbers") and chance.random() < 0.7:
        inner = json.loads(before)
        if inner:
            _deep(inner, chance)
        row[key] = json.dumps(inner, ensure_ascii=False, separators=(",", ":"))
    elif isinstance(before, dict | list) and before:
        _deep(before, chance)
    else:
        row[key] = _other(before, chance)
    return f"{key}: {before!r} -> {row[key]!r}"


def _deep(value: Any, chance: random.Random) -> None:
    while True:
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        if isinstance(value[key], dict | list) and value[key]:
            value = value[key]
            continue
        value[key] = _other(value[key], chance)
        return


def _other(value: Any, chance: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 7, 3_600_000_000])
    if isinstance(value, str) and value:
        n = chance.randrange(len(value))
        return value[:n] + chance.choice([c for c in "0123456789abcdef 件" if c != value[n]]) + value[n + 1 :]
    return {None: 7, "": "x"}.get(value, "x") if not isinstance(value, dict | list) else ["x"]


def survivors(clean, folder, seeds, names, seal) -> list[str]:
    """Give the changes that nobody noticed."""
    missed, proof = [], Proof(clean)
    rows, ground, manifest = proof.rows, proof.ground, proof.manifest
    for seed in seeds:
        chance = random.Random(seed)
        proof.rows, proof.ground, proof.manifest = copy.deepcopy(rows), copy.deepcopy(ground), copy.deepcopy(manifest)
        told = mutate(proof, chance, names)
        if proof.rows != rows and not kinds(proof.write(folder, seal=own_key() if seal else None)):
            missed.append(f"seed {seed}: {told}")
    return missed


@pytest.mark.parametrize("part", range(2))
def test_no_change_of_a_file_goes_unnoticed(part, clean, tmp_path):
    seeds = range(part * 50, part * 50 + 50)
    assert survivors(clean, tmp_path, seeds, EVERY_FILE, seal=False) == []


@pytest.mark.parametrize("part", range(4))
def test_no_change_of_the_journal_goes_unnoticed_behind_a_manifest_that_fits(part, clean, tmp_path):
    seeds = range(1000 + part * 100, 1100 + part * 100)
    assert survivors(clean, tmp_path, seeds, THE_JOURNAL, seal=True) == []


@pytest.mark.prove
def test_a_thousand_changes_of_files(clean, tmp_path):
    assert survivors(clean, tmp_path, range(50_000, 51_000), EVERY_FILE, seal=False) == []


@pytest.mark.prove
@pytest.mark.parametrize("part", range(20))
def test_ten_thousand_changes(part, clean, tmp_path):
    seeds = range(100_000 + part * 500, 100_500 + part * 500)
    assert survivors(clean, tmp_path, seeds, THE_JOURNAL, seal=True) == []
