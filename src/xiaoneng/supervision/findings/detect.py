"""Running the detectors: every one may run late or twice, and a thing once found is not found again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from xiaoneng.matters.move import PLATFORM
from xiaoneng.matters.reads import as_json
from xiaoneng.rules import findings as rules
from xiaoneng.rules.findings import Rule, Source
from xiaoneng.rules.workdays import local
from xiaoneng.supervision import models, terms
from xiaoneng.supervision.cards import ALWAYS
from xiaoneng.supervision.findings import actions, detectors
from xiaoneng.supervision.findings.actions import Suspicion

MOST = 200  # of a rule in one run; the next run goes on
_NEW = """
SELECT d.* FROM ({detector}) AS d (department, subject, cases, person, facts)
WHERE NOT EXISTS (SELECT 1 FROM supervision_finding f WHERE f.rule = %(rule)s AND f.subject = d.subject)
ORDER BY d.subject LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of a department's cases are of a kind, now and before; `unannounced` are those that no guide announces."""

    department: int
    cases: int
    hits: int
    of: tuple[int, ...]
    cases_before: int
    hits_before: int
    unannounced: int

    @property
    def share(self) -> float:
        """Return the share."""
        return self.hits / self.cases

    @property
    def before(self) -> float:
        """Return the share of the time before."""
        return self.hits_before / self.cases_before


def in_cases(now: Callable[[], datetime], since: datetime = ALWAYS, patience: int = 0) -> int:
    """Find what single cases recorded since an instant show, and return how many findings are new.

    :param patience: seconds after which a rule is given up until the next time; none where it is 0.
    """
    return sum(_found(rules.rule(code), question, now, since, patience) for code, question in detectors.CASE.items())


def in_habits(now: Callable[[], datetime], patience: int = 0) -> int:
    """Find what many cases together show, and return how many findings are new; `patience` as for cases."""
    patterns = sum(
        _found(rules.rule(code), question, now, ALWAYS, patience) for code, question in detectors.HABIT.items()
    )
    return patterns + sum(_rated(rules.rule(code), moves, now, patience) for code, moves in detectors.RATED.items())


def _found(rule: Rule, question: str, now: Callable[[], datetime], since: datetime, patience: int) -> int:
    values = {
        **rule.thresholds, "rule": rule.code, "since": since, "now": now(), "most": MOST,
        "pausing": list(detectors.PAUSING),
    }  # fmt: skip
    rows = _looked(rule, _NEW.format(detector=question), values, now, patience)
    return sum(_put(Suspicion(rule, subject, department, tuple(cases), person, dict(as_json(facts))), now())
               for department, subject, cases, person, facts in rows)  # fmt: skip


def _put(suspicion: Suspicion, at: datetime) -> int:
    return actions.find(suspicion, Source.DETECTOR, by=PLATFORM, at=at) is not None


def _rated(rule: Rule, moves: tuple[str, ...], now: Callable[[], datetime], patience: int) -> int:
    announced = moves == detectors.PAUSING
    values = {**rule.thresholds, "moves": list(moves), "announced": announced, "now": now()}
    rows = _looked(rule, detectors.RATES, values, now, patience)
    shares = [Shares(a, b, c, tuple(d or ()), *rest) for a, b, c, d, *rest in rows]
    return sum(_put(each, now()) for each in _standing_out(rule, shares, now()))


def _standing_out(rule: Rule, shares: list[Shares], at: datetime) -> Iterator[Suspicion]:
    most = terms.in_force().most_of_all / 100
    for each in shares:
        others = tuple(other.share for other in shares if other is not each)
        compared = _compared(rule, each, others, most)
        if compared:
            facts = {"收件": each.cases, "其中": each.hits, "比例": f"{each.share:.1%}", **compared}
            subject = f"d:{each.department}:{local(at):%Y-%m}"
            yield Suspicion(rule, subject, each.department, each.of, None, facts)


def _compared(rule: Rule, each: Shares, others: tuple[float, ...], most: float) -> dict[str, Any]:
    """Return with what a share was compared and stands out from, or nothing: peers, else its own past, else what is set."""
    if rules.comparable(others, rule.thresholds):
        found = rules.stands_out(each.share, others, rule.thresholds)
        mean = sum(others) / len(others)
        return {"其他单位平均": f"{mean:.1%}", "比较的单位": len(others)} if found else {}
    known = each.cases_before >= rule.thresholds["least_cases"]
    if known and rules.rose(each.share, each.cases, each.before, rule.thresholds):
        return {"以往的比例": f"{each.before:.1%}", "以往收件": each.cases_before}
    return {"设定的比例": f"{most:.0%}"} if each.unannounced >= most * each.cases else {}


def _looked(
    rule: Rule, question: str, values: dict[str, Any], now: Callable[[], datetime], patience: int
) -> list[tuple[Any, ...]]:
    """Ask a question for no longer than there is patience, and write down whether it was answered."""
    began, rows = time.monotonic(), None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if patience:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(patience * 1000)])
            cursor.execute(question, values)
            rows = list(cursor.fetchall())
    except OperationalError as slow:
        if not isinstance(slow.__cause__, QueryCanceled):
            raise
    if patience:
        looked = {"at": now(), "seconds": time.monotonic() - began, "finished": rows is not None}
        models.Look.objects.update_or_create(rule=rule.code, defaults=looked)
    return rows or []
