"""What a case of a foreign log means under a mapping: its own times, its events as they stand, what is odd about it."""

from __future__ import annotations

import base64
import hashlib
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from xiaoneng.history.reading.mapping import LogMapping, neutral
from xiaoneng.history.reading.raw import RawCase
from xiaoneng.history.reading.stamps import Stamp, Stamps
from xiaoneng.history.reading.trouble import Problem, shown

NO_NAME = "这一件没有编号，按在文件里的位置称呼。"
TWICE = "文件里有几件同名，这一件另加序号。"
NO_TIME = "没有时间。这一步照收，不排先后，不算用时。"
BAD_TIME = "看不懂这个时间。这一步照收，不排先后，不算用时。"
NO_ACTIVITY = "没有写明做了什么。这一步照收，按“未写明”统计。"
BACKWARDS = "办结早于开始。照原样收下，不算用时。"
BAD_STAMP = "看不懂这个时间，没有采用；原文仍然保留。"
BAD_NUMBER = "看不懂这个金额，没有采用；原文仍然保留。"
BAD_ANSWER = "看不懂这是还是不是，没有采用；原文仍然保留。"
TIMES = ("started", "ended", "due")
EMPTY = ("", "EMPTY", "UNKNOWN", "NIL", "None", "nan")
NAME_LENGTH = 180
YES = frozenset({"true", "yes", "1", "j", "ja", "y", "t", "是"})
NO = frozenset({"false", "no", "0", "n", "nee", "f", "否"})
MOST_KEPT = 10_000  # of a file whose cases all have different attributes


@dataclass(frozen=True, slots=True)
class Meant:
    """A case as it will be kept: what its entry says, and what is asked of it often."""

    name: str
    events: int
    by_day: bool
    first: Stamp | None
    times: dict[str, Stamp | None]
    due_at: datetime | None
    late: bool
    told: dict[str, Any]
    facts: dict[str, Any]
    digest: bytes
    problems: tuple[Problem, ...]


class Meaning:
    """Finds the meaning of the cases of one log, one after the other."""

    def __init__(self, mapping: LogMapping) -> None:
        self.mapping = mapping
        self._stamps = Stamps(mapping.zone)
        self._names: set[str] = set()
        self._roles: dict[tuple[str, ...], dict[str, list[str]]] = {}

    def of(self, raw: RawCase) -> Meant:
        """Return what a case means."""
        problems: list[Problem] = []
        keys = self._found("case", raw.attributes)
        name = self._name(raw, keys, problems)
        times = {which: self._time(name, which, raw, keys, problems) for which in TIMES}
        told = self._told(name, raw, keys, problems)
        roles = self._found("event", raw.columns)
        at = self._moments(name, raw, roles, problems)
        self._activities(name, raw, roles, problems)
        started, ended, due = (times[which] for which in TIMES)
        if started and ended and ended.at < started.at and not ended.by_day:
            problems.append(Problem(name, 0, "ended", ended.text, BACKWARDS))
        steps = {
            "at": [stamp.text if stamp else None for stamp in at],
            "due": self._dues(name, raw, roles, problems),
            "rows": raw.rows,
        }
        written = orjson.dumps(steps)
        facts = {
            "case": name, "attributes": raw.attributes, "columns": raw.columns, "roles": roles, "count": len(raw.rows),
            "times": {which: stamp.text for which, stamp in times.items() if stamp},
        }  # fmt: skip
        digest = hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS) + written).digest()
        facts["events"] = packed(written)
        known = list(filter(None, at))
        due_at = due.as_deadline(_first(raw.attributes, keys["due"])) if due else None
        late = bool(ended and due_at and ended.at > due_at)
        first = min(known, default=None)  # by its instant, which stands first in a stamp
        by_day = any(stamp.by_day for stamp in known)
        return Meant(name, len(raw.rows), by_day, first, times, due_at, late, told, facts, digest, tuple(problems))

    def _found(self, part: str, keys: Iterable[str]) -> dict[str, list[str]]:
        """Return by meaning the attributes that are there, the best first; most cases have the same, and share it."""
        told = (part, *keys)
        if told not in self._roles:
            if len(self._roles) >= MOST_KEPT:
                self._roles.clear()
            there: dict[str, str] = {}
            for key in told[1:]:
                there.setdefault(neutral(key), key)
            meanings = self.mapping.case if part == "case" else self.mapping.event
            found = {what: [there[n] for n in map(neutral, names) if n in there] for what, names in meanings.items()}
            self._roles[told] = {what: names for what, names in found.items() if names}
        return self._roles[told]

    def _name(self, raw: RawCase, keys: Mapping[str, list[str]], problems: list[Problem]) -> str:
        name = _first(raw.attributes, keys.get("name", ())).strip()[:NAME_LENGTH]
        if not name:
            name = f"#{raw.number}"
            problems.append(Problem(name, 0, self.mapping.case["name"][0], "", NO_NAME))
        if name in self._names:
            problems.append(Problem(name, 0, self.mapping.case["name"][0], name, TWICE))
            name = next(new for n in range(2, raw.number + 2) if (new := f"{name} #{n}") not in self._names)
        self._names.add(name)
        return name

    def _time(
        self, name: str, which: str, raw: RawCase, keys: Mapping[str, list[str]], problems: list[Problem]
    ) -> Stamp | None:
        text = _first(raw.attributes, keys.get(which, ()))
        if not text:
            return None
        stamp = self._stamps(text)
        if stamp is None:
            problems.append(Problem(name, 0, keys[which][0], shown(text), BAD_STAMP))
        return stamp

    def _told(self, name: str, raw: RawCase, keys: Mapping[str, list[str]], problems: list[Problem]) -> dict[str, Any]:
        told: dict[str, Any] = {
            what: shown(text)
            for what, names in keys.items()
            if what not in TIMES and what != "name" and (text := _first(raw.attributes, names))
        }
        if "fee" in told:
            try:
                told["fee"] = amount(told["fee"])
            except ValueError:
                problems.append(Problem(name, 0, keys["fee"][0], told.pop("fee"), BAD_NUMBER))
        if "complete" in told:
            answer = told.pop("complete").strip().lower()
            if answer in YES | NO:
                told["complete"] = answer in YES
            else:
                problems.append(Problem(name, 0, keys["complete"][0], answer, BAD_ANSWER))
        if "parts" in told:
            told["parts"] = [part.strip() for part in _first(raw.attributes, keys["parts"]).split(",") if part.strip()]
        return told

    def _moments(
        self, name: str, raw: RawCase, roles: Mapping[str, list[str]], problems: list[Problem]
    ) -> list[Stamp | None]:
        """Return for each event when it was, or nothing where it has no stamp that can be understood."""
        names = roles.get("at", ())
        texts = _said(raw, names)
        stamps = self._stamps.each(texts)
        if None in stamps:
            field = names[0] if names else self.mapping.event["at"][0]
            problems += [
                Problem(name, n, field, shown(text), BAD_TIME if text else NO_TIME)
                for n, (text, stamp) in enumerate(zip(texts, stamps, strict=True), 1)
                if stamp is None
            ]
        return stamps

    def _activities(self, name: str, raw: RawCase, roles: Mapping[str, list[str]], problems: list[Problem]) -> None:
        names = roles.get("activity", ())
        texts = _said(raw, names)
        if not all(texts):
            field = names[0] if names else self.mapping.event["activity"][0]
            problems += [Problem(name, n, field, "", NO_ACTIVITY) for n, text in enumerate(texts, 1) if not text]

    def _dues(
        self, name: str, raw: RawCase, roles: Mapping[str, list[str]], problems: list[Problem]
    ) -> dict[str, datetime]:
        """Return the deadlines of single events, by the event's place."""
        names = roles.get("due")
        if not names:
            return {}
        texts = _said(raw, names, EMPTY)
        told = {n: text for n, text in enumerate(texts) if text not in EMPTY}
        found = list(zip(told.items(), self._stamps.each(list(told.values())), strict=True))
        problems += [Problem(name, n + 1, names[0], shown(text), BAD_STAMP) for (n, text), stamp in found if not stamp]
        return {str(n): stamp.as_deadline(text) for (n, text), stamp in found if stamp}


def _said(raw: RawCase, names: Sequence[str], empty: Sequence[str] = ("",)) -> list[str]:
    """Return what each event of a case says under the first of some names that is not empty."""
    if not names:
        return [""] * len(raw.rows)
    first, *others = map(raw.columns.index, names)
    texts = [row[first] or "" for row in raw.rows]
    for n, text in enumerate(texts) if others else ():
        if text in empty:
            texts[n] = next((said for place in others if (said := raw.rows[n][place] or "") not in empty), "")
    return texts


def amount(text: str) -> float:
    """Return an amount of money, written in either of the two ways: `1,250.50` or `1.250,50`.

    :raises ValueError: it is none.
    """
    whole, comma, cents = text.strip().rpartition(",")
    dotted = f"{whole.replace('.', '')}.{cents}" if comma and len(cents) in (1, 2) else text.replace(",", "")
    if not math.isfinite(found := float(dotted)):
        raise ValueError(text)
    return found


def packed(written: bytes) -> str:
    """Return the events as an entry holds them: JSON, deflated, in base64, a sixth of the size it would have."""
    return base64.b64encode(zlib.compress(written, 1)).decode()


def unpacked(text: str) -> dict[str, Any]:
    """Return the events that an entry holds: `at`, `due` by place, and `rows` under the columns."""
    found: dict[str, Any] = orjson.loads(zlib.decompress(base64.b64decode(text)))
    return found


def _first(values: Mapping[str, str], names: Iterable[str]) -> str:
    return next((text for key in names if (text := values.get(key, "")) not in EMPTY), "")
