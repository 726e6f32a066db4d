"""The journals as an object-centric log (OCEL 2.0), as JSON and as a relational database in SQLite.

Objects are matters, items, departments, documents and applicants; each entry is an event that concerns the matter, its
department and item, who applied, and the documents issued in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from xiaoneng.jobs.exports.events import Event, Subject, events, pseudonym, subjects
from xiaoneng.jobs.exports.past import KIND, Past, pasts
from xiaoneng.jobs.exports.source import stream, unmoving
from xiaoneng.jobs.exports.xes import pairs

OBJECTS = {
    "matter": ("number", "kind", "title", "state", "light", "late", "red_at"),
    "item": ("name",),
    "department": ("name",),
    "document": ("kind", "title"),
    "applicant": (),
}
EVENT = ("seq", "move", "resource", "role", "state", "step", "recorded_at")
_BIRTH = datetime(1970, 1, 1, tzinfo=UTC)
_ITEMS = """
SELECT DISTINCT i.code, first_value(v.name) OVER (PARTITION BY i.code ORDER BY v.serial DESC)
FROM catalogue_item i JOIN catalogue_itemversion v ON v.item_id = i.id
WHERE EXISTS (SELECT FROM matter m WHERE m.item_version_id = v.id AND m.version > 0) ORDER BY 1"""
_DEPARTMENTS = """
SELECT d.id, d.name FROM org_department d
WHERE EXISTS (SELECT FROM matter m WHERE m.department_id = d.id AND m.version > 0) ORDER BY 1"""
_DOCUMENTS = "SELECT number, kind, title, matter_id, seq FROM document ORDER BY matter_id, seq, id"


class Thing(NamedTuple):
    """An object: what it is called, its type, its attributes, and which others it belongs to."""

    id: str
    type: str
    attributes: dict[str, Any]
    related: list[tuple[str, str]]


class Happening(NamedTuple):
    """An event: what it is called, its type, when, its attributes, and which objects it concerns."""

    id: str
    type: str
    time: datetime
    attributes: dict[str, Any]
    related: list[tuple[str, str]]


def write(folder: Path) -> dict[str, int]:
    """Write the log into a folder in both forms and return how many objects and events it has."""
    with unmoving() as now:
        counts = _as_json(folder / "xiaoneng.ocel.json", things(now), happenings())
        _as_database(folder / "xiaoneng.ocel.sqlite", things(now), happenings())
    return counts


def things(now: datetime) -> Iterator[Thing]:
    """Give all objects; belongs inside unmoving()."""
    for code, name in stream(_ITEMS):
        yield Thing(f"item:{code}", "item", {"name": name}, [])
    for id_, name in stream(_DEPARTMENTS):
        yield Thing(f"department:{id_}", "department", {"name": name}, [])
    seen: set[int] = set()
    for subject in subjects():
        if subject.opened_by and subject.opened_by not in seen:
            seen.add(subject.opened_by)
            yield Thing(pseudonym(subject.opened_by), "applicant", {}, [])
        values = (
            subject.called, subject.kind, subject.title, subject.state, subject.light(now), subject.late, subject.red_at,
        )  # fmt: skip
        yield Thing(f"matter:{subject.id}", "matter", dict(zip(OBJECTS["matter"], values, strict=True)), _of(subject))
    for number, kind, title, matter, _ in stream(_DOCUMENTS):
        yield Thing(
            f"document:{number}", "document", {"kind": kind, "title": title}, [(f"matter:{matter}", "issued in")]
        )


def _of(subject: Subject) -> list[tuple[str, str]]:
    related = [(f"department:{subject.department}", "handled by")]
    if subject.item:
        related.append((f"item:{subject.item}", "of item"))
    if subject.opened_by:
        related.append((pseudonym(subject.opened_by), "opened by"))
    return related


def happenings() -> Iterator[Happening]:
    """Give all events; belongs inside unmoving()."""
    papers = stream(_DOCUMENTS)
    paper = next(papers, None)
    past = pasts()
    for subject, journal in pairs(subjects(), events()):
        if subject.kind == KIND:
            yield from _told(subject, next(past))
            continue
        for event in journal:
            related = [(f"matter:{subject.id}", "matter"), *_of(subject)]
            while paper and (paper[3], paper[4]) == (event.matter, event.seq):
                related.append((f"document:{paper[0]}", "issued"))
                paper = next(papers, None)
            yield Happening(f"{event.matter}/{event.seq}", event.label, event.at, _values(event), related)


def _told(subject: Subject, past: Past) -> Iterator[Happening]:
    """Give the events of a foreign log's case; one that tells no time stands at the beginning of its case."""
    for each in past.events:
        values = (each.place, "history", each.resource, "", "", "", past.recorded_at)
        yield Happening(
            f"{subject.id}/past-{each.place}", each.activity, each.at or past.fallback,
            dict(zip(EVENT, values, strict=True)), [(f"matter:{subject.id}", "matter"), *_of(subject)],
        )  # fmt: skip


def _values(event: Event) -> dict[str, Any]:
    values = (event.seq, event.move, event.resource, event.role, event.state, event.step, event.recorded_at)
    return dict(zip(EVENT, values, strict=True))


def _types(happened: Iterable[Happening]) -> list[str]:
    return sorted({each.type for each in happened})


def _as_json(path: Path, objects: Iterable[Thing], happened: Iterable[Happening]) -> dict[str, int]:
    # The types stand before what is of them, and they are known when all of it has gone by: so they are asked first.
    types = [{"name": name, "attributes": _declared(EVENT)} for name in _types(happenings())]
    kinds = [{"name": name, "attributes": _declared(columns)} for name, columns in OBJECTS.items()]
    with path.open("w", encoding="utf-8") as out:
        out.write('{"objectTypes": ' + _json(kinds) + ',\n"eventTypes": ' + _json(types) + ',\n"objects": [\n')
        some = _join(out, (_object(each) for each in objects))
        out.write('],\n"events": [\n')
        many = _join(out, (_event(each) for each in happened))
        out.write("]}\n")
    return {"objects": some, "events": many}


def _declared(columns: Iterable[str]) -> list[dict[str, str]]:
    kinds = {"seq": "integer", "late": "boolean", "red_at": "time", "recorded_at": "time"}
    return [{"name": column, "type": kinds.get(column, "string")} for column in columns]


def _object(thing: Thing) -> dict[str, Any]:
    attributes = [
        {"name": k, "time": _BIRTH.isoformat(), "value": _plain(v)}
        for k, v in thing.attributes.items()
        if v is not None
    ]
    return {"id": thing.id, "type": thing.type, "attributes": attributes, "relationships": _relations(thing.related)}


def _event(each: Happening) -> dict[str, Any]:
    attributes = [{"name": k, "value": _plain(v)} for k, v in each.attributes.items()]
    return {
        "id": each.id, "type": each.type, "time": each.time.isoformat(), "attributes": attributes,
        "relationships": _relations(each.related),
    }  # fmt: skip


def _relations(related: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": which, "qualifier": how} for which, how in related]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _join(out: Any, values: Iterable[dict[str, Any]]) -> int:
    count = 0
    for value in values:
        out.write((",\n" if count else "") + _json(value))
        count += 1
    return count


def _as_database(path: Path, objects: Iterable[Thing], happened: Iterable[Happening]) -> None:
    tables = {name: f"Type{n}" for n, name in enumerate(_types(happenings()))}
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_tables(tables))
        database.executemany("INSERT INTO event_map_type VALUES (?, ?)", tables.items())
        database.executemany("INSERT INTO object_map_type VALUES (?, ?)", [(name, name) for name in OBJECTS])
        for thing in objects:
            _put(database, "object", thing.id, thing.type)
            values = [_plain(thing.attributes.get(column)) for column in OBJECTS[thing.type]]
            _put(database, f"object_{thing.type}", thing.id, _BIRTH.isoformat(), None, *values)
            for which, how in thing.related:
                _put(database, "object_object", thing.id, which, how)
        for each in happened:
            _put(database, "event", each.id, each.type)
            values = [_plain(each.attributes[column]) for column in EVENT]
            _put(database, f"event_{tables[each.type]}", each.id, each.time.isoformat(), *values)
            for which, how in each.related:
                _put(database, "event_object", each.id, which, how)
        database.commit()


def _put(database: sqlite3.Connection, table: str, *values: Any) -> None:
    database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


def _tables(types: dict[str, str]) -> str:
    own = "\n".join(
        f"CREATE TABLE object_{name} (ocel_id TEXT PRIMARY KEY REFERENCES object, ocel_time TEXT, ocel_changed_field TEXT"
        + "".join(f", {column} TEXT" for column in columns) + ");"
        for name, columns in OBJECTS.items()
    ) + "\n".join(
        f"CREATE TABLE event_{table} (ocel_id TEXT PRIMARY KEY REFERENCES event, ocel_time TEXT"
        + "".join(f", {column} {'INTEGER' if column == 'seq' else 'TEXT'}" for column in EVENT) + ");"
        for table in types.values()
    )  # fmt: skip
    return f"""
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type);
CREATE TABLE event_object (ocel_event_id TEXT REFERENCES event, ocel_object_id TEXT REFERENCES object,
  ocel_qualifier TEXT, PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (ocel_source_id TEXT REFERENCES object, ocel_target_id TEXT REFERENCES object,
  ocel_qualifier TEXT, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
{own}"""
