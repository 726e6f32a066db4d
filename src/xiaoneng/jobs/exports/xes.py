"""The journals as one XES log (IEEE 1849): a trace a matter, an event an entry, with the standard extensions."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import quoteattr

from xiaoneng.jobs.exports.events import Event, Subject, events, subjects
from xiaoneng.jobs.exports.past import KIND, Past, pasts
from xiaoneng.jobs.exports.source import unmoving
from xiaoneng.rules.workdays import local

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">
 <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
 <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
 <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
 <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
 <global scope="trace">
  <string key="concept:name" value=""/>
 </global>
 <global scope="event">
  <string key="concept:name" value=""/>
  <string key="lifecycle:transition" value="complete"/>
  <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
 </global>
 <classifier name="Activity" keys="concept:name"/>
 <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
"""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:\d\d)")
Value = str | int | bool | datetime | None


def write(folder: Path) -> dict[str, int]:
    """Write the log into a folder and return how many traces and events it has."""
    traces = written = 0
    with unmoving() as now, gzip.open(folder / "xiaoneng.xes.gz", "wb", compresslevel=5) as packed:
        out = TextIOWrapper(packed, encoding="utf-8", newline="\n")
        out.write(_HEAD)
        past = pasts()
        for subject, journal in pairs(subjects(), events()):
            if subject.kind == KIND:
                written += _told(out, subject, next(past))
            else:
                written += _trace(out, subject, journal, now)
            traces += 1
        out.write("</log>\n")
        out.flush()
    return {"traces": traces, "events": written}


def pairs(each: Iterable[Subject], entries: Iterable[Event]) -> Iterator[tuple[Subject, Iterator[Event]]]:
    """Give each matter with its entries; both come in the order of matters."""
    journals = groupby(entries, key=lambda event: event.matter)
    for subject in each:
        matter, journal = next(journals)
        if matter != subject.id:
            raise ValueError(f"matter {subject.id} has no journal")
        yield subject, journal


def _trace(out: TextIO, subject: Subject, journal: Iterator[Event], now: datetime) -> int:
    out.write(" <trace>\n")
    out.writelines(_attributes("  ", {
        "concept:name": subject.called, "matter": subject.id, "kind": subject.kind, "title": subject.title,
        "item": subject.item, "item_version": subject.item_version, "department": subject.department_name,
        "state": subject.state, "light": subject.light(now), "late": subject.late, "red_at": subject.red_at,
    }))  # fmt: skip
    count = 0
    for event in journal:
        out.write("  <event>\n")
        out.writelines(_attributes("   ", {
            "concept:name": event.label, "lifecycle:transition": "complete", "time:timestamp": event.at,
            "org:resource": event.resource, "org:role": event.role, "org:group": subject.department_name,
            "move": event.move, "seq": event.seq, "state": event.state, "step": event.step or None,
            "recorded_at": event.recorded_at, "claimed_at": event.claimed_at,
        }))  # fmt: skip
        out.write("  </event>\n")
        count += 1
    out.write(" </trace>\n")
    return count


def _told(out: TextIO, subject: Subject, past: Past) -> int:
    """Write a case of a foreign log as its source told it, under its own name and with its own events."""
    out.write(" <trace>\n")
    out.writelines(_attributes("  ", {
        **{key: _moment(value) for key, value in past.story.attributes.items()},
        "concept:name": past.story.name, "matter": subject.id, "kind": subject.kind, "history:source": past.source,
    }))  # fmt: skip
    for each in past.events:
        out.write("  <event>\n")
        out.writelines(_attributes("   ", {
            **{key: _moment(value) for key, value in each.attributes.items()},
            "concept:name": each.activity, "time:timestamp": each.at, "history:by_day": each.by_day or None,
        }))  # fmt: skip
        out.write("  </event>\n")
    out.write(" </trace>\n")
    return len(past.events)


def _moment(text: str) -> str | datetime:
    """Return a value that is written as an instant with its zone as one, and any other as it is."""
    if not _INSTANT.fullmatch(text):
        return text
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _attributes(indent: str, values: dict[str, Value]) -> Iterator[str]:
    for key, value in values.items():
        if value is not None:
            kind, text = _typed(value)
            yield f"{indent}<{kind} key={quoteattr(key)} value={quoteattr(text)}/>\n"


def _typed(value: str | int | bool | datetime) -> tuple[str, str]:
    if isinstance(value, bool):
        return "boolean", str(value).lower()
    if isinstance(value, int):
        return "int", str(value)
    if isinstance(value, datetime):
        return "date", local(value).isoformat(timespec="microseconds")
    return "string", "".join(letter for letter in value if letter >= " " or letter in "\t\n\r")
