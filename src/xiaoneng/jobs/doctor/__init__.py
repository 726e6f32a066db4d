"""The doctor: proves from the rows alone that every record is whole, lawful and in step with its journal.

The rules are numbered as in the platform's list of invariants. Where several checks share a number: gap-free series of
numbers stand under 8 (a number without its entry is a row without its event), limits, starting days and the days that
facts name under 16, records, seals and tallies of red lights under 19, imported history under 7 and 8, cards under 7, 13
and 20, findings under 7, reminders under 21, hashes of personal data under 34, accounts under 35, the item version under
37, records beside the matters and settings under 33, and everything about the database itself under 40. Rows are compared
with the folded journal under 7 and 8; all other rules judge the folded journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from xiaoneng.jobs.doctor import (
    accounts,
    beside,
    chain,
    dates,
    evidence,
    ground,
    joint,
    lights,
    machinery,
    moves,
    naive,
    numbers,
    operation,
    papers,
    past,
    pauses,
    promises,
    recorded,
    replay,
    supervised,
    tallies,
    things,
)
from xiaoneng.jobs.doctor.case import Case
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.reading import cases, rows
from xiaoneng.jobs.doctor.report import Fault, Faults, Finding, Report, Warning_

__all__ = ["Finding", "Report", "Warning_", "examine"]

RECENT = timedelta(days=1)
CHECKS: tuple[Callable[[Case, Ground], Faults], ...] = (
    chain.check, replay.check, moves.check, pauses.check, dates.check, lights.check, papers.check,
    beside.check, things.check, promises.check,
)  # fmt: skip
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)
_HEADS = """
SELECT coalesce(m.number, m.intake_number, '办件 #' || m.id), m.version, coalesce(e.seq, 0),
  coalesce(e.hash, m.genesis) = m.head
FROM matter m LEFT JOIN LATERAL (SELECT seq, hash FROM entry WHERE matter_id = m.id ORDER BY seq DESC LIMIT 1) e ON true
WHERE m.version <> coalesce(e.seq, 0) OR coalesce(e.hash, m.genesis) <> m.head ORDER BY m.id"""


def now_here() -> datetime:
    """Return the moment by this machine's own clock, even where the platform's time is the database's."""
    return datetime.now(UTC)


def examine(
    *, full: bool = True, clock: Callable[[], datetime] = now_here, tell: Callable[[str], None] = lambda _: None
) -> Report:
    """Examine the installation in one unmoving view of the database.

    :param full: all matters; else those changed within a day, and the chain heads of all.
    :param clock: tells the moment by this machine's clock, for the comparison with the database's.
    :param tell: is told how far it has come.
    """
    report = Report()
    with _unmoving():
        report.installation, report.name = (rows("SELECT kind, name FROM installation") or [("", "")])[0]
        report.real_clock = machinery.has_real_clock()
        facts = ground.read(rows("SELECT xn_clock()")[0][0])
        for fault in machinery.check(report.installation, clock):
            report.add(fault, "数据库")
        for fault in accounts.check(report.installation) if full else ():
            report.add(fault, "账号")
        _examine_matters(report, facts, full, tell)
        report.warnings.extend(operation.warnings(report.installation, facts.now))
    naive.reckon.cache_clear()
    papers.forget()
    return report


@contextmanager
def _unmoving() -> Iterator[None]:
    inside = connection.in_atomic_block  # whoever calls from inside a transaction has set its view already
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _examine_matters(report: Report, facts: Ground, full: bool, tell: Callable[[str], None]) -> None:
    since = None if full else facts.now - RECENT
    series = numbers.Series()
    for case in cases(since):
        facts.learn(entry.item_version for entry in case.entries if entry.item_version)
        _examine(report, case, facts, series)
        if report.checked["matters"] % 5000 == 0:
            tell(f"已检查 {report.checked['matters']} 个办件……")
    for fault in dates.promises(facts):
        report.add(fault, "事项目录")
    for fault in numbers.keys(since):
        report.add(fault, "日志")
    for fault in chain.without_a_matter() if full else ():
        report.add(fault, "日志")
    for fault, where in joint.check() if full else ():
        report.add(fault, where)
    for fault in evidence.check(full):
        report.add(fault, "存证日志")
    for fault in supervised.check() if full else ():
        report.add(fault, "效能监察")
    for fault in (*recorded.check(), *recorded.titles()) if full else ():
        report.add(fault, "管理留痕" if fault.id == 33 else "办件登记")
    for where, fault in (*things.charges(), *things.certificates(), *things.held_facts()):
        report.add(fault, where)
    for fault in (*series.check(), *lights.seals(facts), *lights.placed()) if full else ():
        report.add(fault, "编号" if fault.id == 8 else "红灯登记簿")
    for fault in past.check() if full else ():
        report.add(fault, "历史日志")
    for fault in tallies.check() if full else ():
        report.add(fault, "看板汇总")
    if not full:
        _examine_heads(report)


def _examine(report: Report, case: Case, facts: Ground, series: numbers.Series) -> None:
    for faults in (*(check(case, facts) for check in CHECKS), series.take(case)):
        try:
            for fault in faults:
                report.add(fault, case.called)
        except _UNREADABLE as trouble:
            report.add(Fault(7, f"日志缺少应有的内容，无法重放：{trouble!r}"), case.called)
    report.checked["matters"] += 1
    report.checked["entries"] += len(case.entries)
    report.checked["clocks"] += len(case.folded)
    report.checked["documents"] += len(case.documents)
    report.checked["files"] += len(case.attachments) + len(case.printed)
    report.checked["red_lights"] += len(case.lights)


def _examine_heads(report: Report) -> None:
    report.checked["heads"] = rows("SELECT count(*) FROM matter WHERE version > 0")[0][0]
    for called, version, last, fits in rows(_HEADS):
        if version != last:
            report.add(Fault(1, f"办件版本为 {version}，日志却到第 {last} 条"), called)
        if not fits:
            report.add(Fault(3, "办件记录的链头不是最后一条日志的哈希"), called)
