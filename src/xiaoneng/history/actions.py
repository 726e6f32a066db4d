"""Taking a foreign log in: each case becomes a closed matter whose one entry tells its history and names its source."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO, cast
from uuid import NAMESPACE_OID, uuid5

import orjson
from django.db import InternalError, connection, transaction

from xiaoneng.history.models import Case, Log
from xiaoneng.history.reading import mapping as mappings
from xiaoneng.history.reading import table, xes
from xiaoneng.history.reading.mapping import LogMapping
from xiaoneng.history.reading.meaning import Meaning, Meant
from xiaoneng.history.reading.raw import RawCase
from xiaoneng.history.reading.trouble import Problem, Unreadable
from xiaoneng.kit import bulk
from xiaoneng.matters import actions as matters
from xiaoneng.matters.move import Row, move_many
from xiaoneng.matters.recount import TOO_LATE
from xiaoneng.org import actions as org
from xiaoneng.org.models import Department
from xiaoneng.rules.procedures.imported_case import OUTSIDE, PROCEDURE, RECORDED, TAKE_IN

Tell = Callable[[str], None]
Now = Callable[[], datetime]
SAMPLE = 20  # cases by which the mapping is chosen
FIRST_BATCH, BATCH = 500, 8_000  # events written at once: well within the two seconds that the journal allows
MOST_PROBLEMS = 10_000
FIRST_ROWS = 1000  # of a table, which tell how it is to be read
PLACE = ("990000", "外地（历史数据）")
KEEPER = ("外来历史", "HISTORY")
_TABLES = (".csv", ".csv.gz", ".tsv", ".txt")
# Each is looked up on its own (OFFSET 0 keeps it so): the plans are made while the tables are small, and joined at once
# they would read all of them for every batch for ever after.
_KNOWN = """
SELECT c.digest FROM unnest(%b::bytea[]) AS w (digest)
CROSS JOIN LATERAL (SELECT digest FROM history_case WHERE digest = w.digest OFFSET 0) c"""
# What stood in this log before and says something else now.
_OLDER = """
SELECT m.id, m.version FROM unnest(%s::bigint[], %b::bytea[]) AS w (id, digest)
CROSS JOIN LATERAL (SELECT log_id, digest FROM history_case WHERE matter_id = w.id OFFSET 0) c
CROSS JOIN LATERAL (SELECT id, version FROM matter WHERE id = w.id OFFSET 0) m
WHERE c.log_id = %s AND c.digest <> w.digest"""


@dataclass
class Report:
    """What an import came to."""

    log: str
    mapping: str
    cases: int = 0
    events: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    by_day: bool = False
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    seconds: float = 0.0

    def note(self, problems: Iterable[Problem]) -> None:
        """Keep problems, and count those that would be too many to list."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            else:
                self.more_problems += 1


def import_log(
    path: Path, *, now: Now, mapping: str = "", name: str = "", tell: Tell = lambda text: None, file: str = ""
) -> Report:  # fmt: skip
    """Take the cases of a log in; what stands already is left alone, so a repeat changes nothing.

    :param now: gives the moment of each batch.
    :param name: what the log is called, if not after its file.
    :param file: what the file was called where it came from, if it is kept under another name.
    :raises Unreadable: the file as a whole cannot be used; nothing was changed
    """
    began, file = perf_counter(), file or path.name
    tell(f"正在读取 {file} ……")
    with _opened(path) as stream:
        found = _reader(file)(stream)
        first, chosen = _begun(found, mapping)
        report = Report((name or _called(file))[:120], chosen.name)
        _take_in(_meant(chain(first, found), chosen, report), chosen, report, now, file[:160], tell)
    report.seconds = round(perf_counter() - began, 2)
    return report


def mapping_for(path: Path, mapping: str, file: str) -> str:
    """Return the name of the mapping under which a log will be read; only its first cases are looked at.

    :raises Unreadable: the file is no log, or there is no such mapping
    """
    if mapping and mapping not in mappings.built_in():
        raise Unreadable(f"没有名为“{mapping[:40]}”的日志对照表。现有：{mappings.known()}。")
    with _opened(path) as stream:
        few = partial(table.cases, first=FIRST_ROWS) if _is_table(file) else xes.cases
        return _begun(few(stream), mapping)[1].name


def _begun(found: Iterator[RawCase | Problem], mapping: str) -> tuple[list[RawCase | Problem], LogMapping]:
    first = list(islice(found, SAMPLE))
    return first, mappings.chosen(mapping, [each for each in first if isinstance(each, RawCase)])


def _opened(path: Path) -> BinaryIO:
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")
    except OSError as trouble:
        raise Unreadable(f"打不开 {path}：{trouble.strerror}。请检查路径和权限。") from None


def _reader(file: str) -> Callable[[BinaryIO], Iterator[RawCase | Problem]]:
    return table.cases if _is_table(file) else xes.cases


def _is_table(file: str) -> bool:
    return file.lower().endswith(_TABLES)


def _called(file: str) -> str:
    name = file
    for end in (".gz", ".xes", ".xml"):
        name = name[: -len(end)] if name.lower().endswith(end) else name
    return name or file


def _meant(found: Iterable[RawCase | Problem], mapping: LogMapping, report: Report) -> Iterator[Meant]:
    meaning = Meaning(mapping)
    for each in found:
        if isinstance(each, Problem):
            report.note([each])
            continue
        meant = meaning.of(each)
        report.note(meant.problems)
        report.cases += 1
        report.events += meant.events
        report.by_day |= meant.by_day
        yield meant


def _take_in(found: Iterator[Meant], mapping: LogMapping, report: Report, now: Now, source: str, tell: Tell) -> None:
    writer = Writer(mapping, report, now, source)
    if connection.in_atomic_block:
        for batch in _batches(found):
            writer.write(batch)
        return
    # While one hand reads the next cases, the database writes these.
    with ThreadPoolExecutor(1) as hand:
        pending = hand.submit(writer.get_ready)
        try:
            for batch in _batches(found):
                pending.result()
                tell(f"已读 {report.cases} 件，{report.events} 步 ……")
                pending = hand.submit(writer.write, batch)
            pending.result()
        finally:
            hand.submit(lambda: connection.close()).result()  # its own, not ours


def _batches(found: Iterator[Meant]) -> Iterator[list[Meant]]:
    """Give the cases in batches that grow, so that the database soon has something to write."""
    batch: list[Meant] = []
    events, enough = 0, FIRST_BATCH
    for each in found:
        batch.append(each)
        events += each.events + 1
        if events >= enough:
            yield batch
            batch, events, enough = [], 0, min(BATCH, enough * 3 // 2)
    if batch:
        yield batch


class Writer:
    """Writes the cases of one log, batch by batch, each in a transaction of its own."""

    def __init__(self, mapping: LogMapping, report: Report, now: Now, source: str) -> None:
        self._mapping, self._report, self._now, self._source = mapping, report, now, source
        self._log: Log | None = None
        self._keeper: tuple[int, int] | None = None

    def get_ready(self) -> None:
        """Connect, so that the first batch finds the way open."""
        self._known(())

    def write(self, batch: Sequence[Meant]) -> None:
        """Write what is new or has changed of some cases."""
        known = self._known(batch)
        fresh = [each for each in batch if each.digest not in known]
        self._report.unchanged += len(batch) - len(fresh)
        waiting = [fresh] if fresh else []
        while waiting:
            some = waiting.pop()
            try:
                with transaction.atomic():
                    self._put(some)
            except InternalError as slow:
                # On a machine so busy that a batch takes longer than the journal allows, a smaller one does not.
                if len(some) == 1 or TOO_LATE not in str(slow):
                    raise
                self._log = self._keeper = None  # they may have gone with the batch
                waiting += [some[len(some) // 2 :], some[: len(some) // 2]]

    def _known(self, batch: Sequence[Meant]) -> set[bytes]:
        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, [[each.digest for each in batch]])
            return {bytes(digest) for (digest,) in cursor.fetchall()}

    def _put(self, fresh: Sequence[Meant]) -> None:
        log = self._log = self._log or self._the_log()
        if not log.by_day and any(each.by_day for each in fresh):
            log.by_day = True
            log.save(update_fields=["by_day"])
        self._keeper = self._keeper or _keeper()
        at, (department, calendar) = self._now(), self._keeper
        opened = self._opened(log, fresh, department, at)
        older = self._older(log, [(matter, each) for each, (matter, new) in zip(fresh, opened, strict=True) if not new])
        rows = [
            Row(matter, older.get(matter, 0), self._body(log, each), None, calendar)
            for each, (matter, _) in zip(fresh, opened, strict=True)
        ]
        moved = move_many(rows, TAKE_IN, procedure=PROCEDURE, at=self._now(), source=self._source_of(log))
        if len(moved) != len(rows):
            raise Unreadable("同一份日志正在由另一个命令导入。请等它结束后再执行一次；已经导入的不会重复。")
        if older:
            Case.objects.filter(matter_id__in=list(older)).delete()
        bulk.insert(Case, (_case(log, row.matter, each) for row, each in zip(rows, fresh, strict=True)))
        self._report.updated += len(older)
        self._report.created += len(fresh) - len(older)

    def _older(self, log: Log, standing: Sequence[tuple[int, Meant]]) -> dict[int, int]:
        """Return the versions of those matters that this log opened before and that it tells otherwise now."""
        if not standing:
            return {}
        asked = [matter for matter, _ in standing], [each.digest for _, each in standing], log.pk
        with connection.cursor() as cursor:
            cursor.execute(_OLDER, asked)
            return dict(cursor.fetchall())

    def _the_log(self) -> Log:
        mapping = self._mapping
        row, _ = Log.objects.get_or_create(
            name=self._report.log,
            defaults={
                "mapping": mapping.name, "source": self._source, "taken_in_at": self._now(),
                "day_unit": mapping.day_unit, "warning_days": mapping.warning_days,
            },
        )  # fmt: skip
        return row

    def _opened(self, log: Log, fresh: Sequence[Meant], department: int, at: datetime) -> list[tuple[int, bool]]:
        titles = [f"{log.name} {each.name}" for each in fresh]
        keys = [uuid5(NAMESPACE_OID, f"history:{title}") for title in titles]
        return matters.open_many(
            kind=PROCEDURE.kind, state=OUTSIDE, department=department, item_version=None, titles=titles, by=0, at=at,
            keys=keys,
        )  # fmt: skip

    def _source_of(self, log: Log) -> str:
        return f"历史日志 {log.name}（{self._source}）"[:200]

    def _body(self, log: Log, each: Meant) -> str:
        body: dict[str, Any] = {
            "to": RECORDED, "step": 0, "step_name": "", "desk": "", "yellow_at": None, "red_at": None, "paused": False,
            "late": False, "closed": True, "what": {"log": log.name, "mapping": self._mapping.name, **each.facts},
        }  # fmt: skip
        return orjson.dumps(body).decode()


def _case(log: Log, matter: int, each: Meant) -> dict[str, Any]:
    started, ended = each.times["started"], each.times["ended"]
    begun = started or each.first
    return {
        "matter_id": matter, "log_id": log.pk, "name": each.name, "digest": f"\\x{each.digest.hex()}",
        "events": each.events, "started_at": begun.at if begun else None, "ended_at": ended.at if ended else None,
        "due_at": each.due_at, "late": each.late, "told": each.told,
    }  # fmt: skip


def _keeper() -> tuple[int, int]:
    """Return the department that keeps what belongs to none of ours, and the version of its calendar."""
    region = org.ensure_region(*PLACE)
    name, code = KEEPER
    department = org.ensure_departments(region, {name: code})[name]
    version = Department.objects.values_list("region__calendar__version", flat=True).get(pk=department)
    return department, int(version)
