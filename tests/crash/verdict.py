"""What must be true after everything: compares the clients' ledger with the city's journal by its own queries."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from crash.clients import MOVES
from xiaoneng.kit import home as homes
from xiaoneng.kit.files import TEMPORARY

_ENTRIES = """
SELECT e.matter_id AS matter, e.seq, e.move, e.key::text AS key, e.numbers, m.intake_number, m.open_key::text AS open_key,
  m.state, m.version, m.closed
FROM entry e JOIN matter m ON m.id = e.matter_id WHERE m.kind = 'application' ORDER BY e.matter_id, e.seq"""
_DRAFTS = "SELECT count(*) AS n FROM matter WHERE kind = 'application' AND version = 0"
_STRAYS = """
SELECT count(*) AS n FROM approval_application a FULL JOIN (SELECT id FROM matter WHERE kind = 'application') m
  ON m.id = a.matter_id WHERE a.matter_id IS NULL OR m.id IS NULL"""
_SERIES = "SELECT key, last FROM series"
_DRAWN = "SELECT number FROM document UNION ALL SELECT number FROM matter UNION ALL SELECT intake_number FROM matter"
_FILES = "SELECT sha256, size FROM matters_attachment UNION SELECT sha256, size FROM matters_documentfile"
_UNPRINTED = (
    "SELECT count(*) AS n FROM document d LEFT JOIN matters_documentfile f ON f.document_id = d.id WHERE f IS NULL"
)
_LAST_JOB = (
    "SELECT coalesce(max(id), 0) AS n FROM procrastinate_jobs WHERE status = 'succeeded' AND queue_name = 'lights'"
)
_LIGHTS = """
SELECT matter_id, clock, round, count(*) AS n, bool_and(seal IS NOT NULL) AS sealed
FROM supervision_redlight GROUP BY 1, 2, 3"""


@dataclass
class Records:
    """The rows of the city."""

    entries: list[dict[str, Any]]
    drafts: int
    strays: int
    series: dict[str, int]
    drawn: list[str]
    files: dict[str, int]
    unprinted: int
    lights: list[dict[str, Any]]
    last_job: int


def records(home: Path) -> Records:
    """Read the rows that are judged."""
    where = f"host={homes.socket_directory(home)} dbname=xiaoneng user=postgres options='-c search_path=xn'"
    with psycopg.connect(where, row_factory=dict_row) as connection:

        def ask(question: str) -> list[dict[str, Any]]:
            return connection.execute(question).fetchall()

        return Records(
            ask(_ENTRIES), ask(_DRAFTS)[0]["n"], ask(_STRAYS)[0]["n"], {r["key"]: r["last"] for r in ask(_SERIES)},
            [r["number"] for r in ask(_DRAWN) if r["number"]], {r["sha256"]: r["size"] for r in ask(_FILES)},
            ask(_UNPRINTED)[0]["n"], ask(_LIGHTS), ask(_LAST_JOB)[0]["n"],
        )  # fmt: skip


def journal_complaints(told: list[dict[str, Any]], found: Records, overdue: list[int]) -> list[str]:
    """Return where ledger and journal differ: each acknowledged move once, at the same place, and nothing else."""
    by_key = defaultdict(list)
    by_matter = defaultdict(list)
    for entry in found.entries:
        by_key[entry["key"]].append(entry)
        by_matter[entry["matter"]].append(entry)
    complaints = [] if found.drafts == 0 else [f"{found.drafts} drafts beside those that were acknowledged"]
    complaints += [] if found.strays == 0 else [f"{found.strays} applications without matter, or the reverse"]
    for line in told:
        complaints += _of_line(line, by_key[line["key"]])
    lives = {line["key"] for line in told if line["move"] == "draft"}
    for matter, entries in by_matter.items():
        if matter not in overdue:
            complaints += _of_life(matter, entries, lives)
        elif [entry["move"] for entry in entries] != ["submit", "deem_accepted"]:
            complaints.append(f"overdue matter {matter}: {[entry['move'] for entry in entries]}")
    if len(by_matter) != len(lives) + len(overdue):
        complaints.append(f"{len(by_matter)} matters, but {len(lives)} drafts were opened")
    return complaints


def _of_line(line: dict[str, Any], entries: list[dict[str, Any]]) -> list[str]:
    if line["move"] not in MOVES:
        return []
    if len(entries) != 1 or entries[0]["move"] != line["move"]:
        return [f"life {line['life']}, {line['move']}: {[entry['move'] for entry in entries]}"]
    entry, drawn = entries[0], json.loads(entries[0]["numbers"])
    # The answer names the receipt, or the line of the journal from which the next page tells what was done.
    if line["move"] == "submit":
        kept = f"/receipts/{drawn['intake_number']}"
    else:
        kept = f"/desk/cases/{entry['intake_number']}?done={entry['seq']}"
    return [] if line["to"] == kept else [f"life {line['life']}, {line['move']}: told {line['to']}, kept {kept}"]


def _of_life(matter: int, entries: list[dict[str, Any]], lives: set[str]) -> list[str]:
    last = entries[-1]
    moves = tuple(entry["move"] for entry in entries)
    whole = moves == MOVES and last["state"] == "delivered" and last["closed"] and last["version"] == len(MOVES)
    known = last["open_key"] in lives
    return [] if whole and known else [f"matter {matter}: {moves}, {last['state']}, opened by a client: {known}"]


def number_complaints(found: Records) -> list[str]:
    """Return the series that have a gap or a number used twice."""
    drawn = defaultdict(list)
    for number in found.drawn:
        prefix, digits, _ = re.fullmatch(r"(.+?)(\d{5}|(?<=〕)\d+)(号?)", number).groups()  # type: ignore[union-attr]
        drawn[prefix].append(int(digits))
    lasts = {key.partition(":")[2]: last for key, last in found.series.items()}
    return [
        f"{prefix}: {len(drawn[prefix])} numbers, the last is {lasts.get(prefix)}"
        for prefix in drawn.keys() | lasts.keys()
        if sorted(drawn[prefix]) != list(range(1, lasts.get(prefix, 0) + 1))
    ]


def file_complaints(directory: Path, found: Records) -> list[str]:
    """Return the rows without their file, the files without a row, and the files that hold something else.

    A document whose printing was interrupted is printed again, byte for byte, under the same name; until then it may lie
    there without a row. What an interrupted upload left never got a name.
    """
    on_disk = {path.name: path for path in directory.rglob("*") if path.is_file() and TEMPORARY not in path.name}
    without_row = on_disk.keys() - found.files.keys()
    printed = {name for name in without_row if on_disk[name].read_bytes().startswith(b"%PDF-")}
    return [
        *(f"no file for {sha256[:12]}" for sha256 in found.files.keys() - on_disk.keys()),
        *(f"no row for {name[:12]}" for name in without_row - printed),
        *([f"{len(printed)} prints without row, {found.unprinted} to print"] if len(printed) > found.unprinted else []),
        *(f"other size: {name[:12]}" for name, size in found.files.items() if _size(on_disk.get(name)) != size),
        *(f"other content: {name[:12]}" for name, path in on_disk.items() if _sha256(path) != name),
    ]


def _size(path: Path | None) -> int:
    return path.stat().st_size if path else -1


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def light_complaints(found: Records, overdue: list[int]) -> list[str]:
    """Return the red lights that are on record more than once or not sealed, and overdue matters without any."""
    wrong = [f"light {row}" for row in found.lights if row["n"] != 1 or not row["sealed"]]
    lit = {row["matter_id"] for row in found.lights}
    return [*wrong, *(f"no red light for {matter}" for matter in overdue if matter not in lit)]
