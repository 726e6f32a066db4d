"""What people write in the moves of supervision: kept beside the journal, which knows its salted hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import EntryLine
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.supervision import models

LONGEST = 2000
Salt = bytes | memoryview
ERASED = "（内容已依法删除）"


def salt() -> bytes:
    """Return a fresh salt for a matter."""
    return secrets.token_bytes(16)


def digest(salt_: Salt, name: str, text: str) -> str:
    """Return what the journal writes down of a text."""
    return hashlib.sha256(bytes(salt_) + f"{name}:{text}".encode()).hexdigest()


def wanted(label: str, text: str) -> str:
    """Return a text that somebody has to write.

    :raises NotAllowed: nothing is written, or too much.
    """
    text = text.strip()
    if not text:
        raise NotAllowed(f"还没有填写{label}。请写明以后再提交。")
    if len(text) > LONGEST:
        raise NotAllowed(f"{label}最多 {LONGEST} 个字，现在 {len(text)} 个。请精简，详细材料可以另行报送。")
    return text


def hashes(salt_: Salt, texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the facts that stand for texts."""
    return {"said": {name: digest(salt_, name, text) for name, text in texts.items() if text}}


def keep(moved: Moved, texts: Mapping[str, str]) -> Moved:
    """Keep texts beside the entry that knows their hashes; a repeated request finds them kept."""
    if not moved.replayed:
        rows = [
            models.Said(matter_id=moved.matter, seq=moved.seq, name=name, text=text)
            for name, text in texts.items()
            if text
        ]
        models.Said.objects.bulk_create(rows)
    return moved


def with_words(matter: int, lines: Iterable[EntryLine]) -> tuple[EntryLine, ...]:
    """Return a journal's lines with what was said put back into their facts."""
    rows = models.Said.objects.filter(matter_id=matter).values_list("seq", "name", "text")
    said = {(seq, name): text for seq, name, text in rows}
    return tuple(_with(line, said) for line in lines)


def _with(line: EntryLine, said: Mapping[tuple[int, str], str]) -> EntryLine:
    what: dict[str, Any] = line.facts.get("what", {})
    told = {name: said.get((line.seq, name), ERASED) for name in what.get("said", {})}
    return replace(line, facts=line.facts | {"what": what | told}) if told else line
