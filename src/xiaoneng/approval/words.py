"""What people wrote freely in a move: kept beside the journal, which knows its salted hash, so that it can be erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from xiaoneng.approval.beside import Words
from xiaoneng.approval.reads import payload_hash
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import EntryLine, MatterFile

LONGEST = 2000
ERASED = "（个人信息已依法删除）"


def hashes_of(file: MatterFile, said: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return what the journal writes down of free words: the salted hash of each that says something."""
    return hashes_with(file.extra["salt"], said)


def hashes_with(salt: bytes, said: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the same with the salt of the case on which a matter of another kind rests."""
    hashed = {name: _hash(salt, name, text) for name, text in _kept(said).items()}
    return {"words": hashed} if hashed else {}


def keep(moved: Moved, said: Mapping[str, str]) -> Moved:
    """Keep the words beside the entry that knows their hashes; a repeated request finds them kept."""
    rows = [Words(matter_id=moved.matter, seq=moved.seq, name=name, text=text) for name, text in _kept(said).items()]
    if rows and not moved.replayed:
        Words.objects.bulk_create(rows)
    return moved


def with_words(matter: int, lines: Iterable[EntryLine]) -> tuple[EntryLine, ...]:
    """Return a journal's lines with the words that lie beside them put back into their facts."""
    lines = tuple(lines)
    if not any("words" in line.facts.get("what", {}) for line in lines):
        return lines
    rows = Words.objects.filter(matter_id=matter).values_list("seq", "name", "text")
    said = {(seq, name): text for seq, name, text in rows}
    return tuple(_with(line, said) for line in lines)


def _with(line: EntryLine, said: Mapping[tuple[int, str], str]) -> EntryLine:
    what: dict[str, Any] = line.facts.get("what", {})
    told = {name: said.get((line.seq, name), ERASED) for name in what.get("words", {})}
    return replace(line, facts=line.facts | {"what": what | told}) if told else line


def _hash(salt: bytes, name: str, text: str) -> str:
    return payload_hash(salt, f"{name}:{text}")


def _kept(said: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip()[:LONGEST] for name, text in said.items() if text.strip()}
