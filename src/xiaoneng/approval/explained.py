"""How each due day of an application was computed, in the form in which a page or a program tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from xiaoneng.matters.clocks import ClockState
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.explain import Explanation, explain
from xiaoneng.rules.grounds import DELIVERY_TIME, ONE_TIME_NOTICE
from xiaoneng.rules.limits import Limit, limit
from xiaoneng.rules.procedures.proceedings import HEARING_ON_REQUEST
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.sentences import Sentence, written
from xiaoneng.rules.tracks import Wording
from xiaoneng.rules.workdays import Calendar, local_day

PRE_ACCEPTANCE_WORDS = Wording("收件", "审核", "审核", pausing=ONE_TIME_NOTICE, extending=ONE_TIME_NOTICE)
DELIVERY_WORDS = Wording("决定", "送达", "送达", extending=DELIVERY_TIME)

SPECIAL_WORDS = Wording("启动", "预计", "预计")
WAIT_WORDS = Wording("登记", "预计", "预计")
HEARING_WORDS = Wording("收到申请", "组织", "组织", extending=HEARING_ON_REQUEST)
SUPPLEMENT_WORDS = Wording("告知", "补正", "补正", pausing=ONE_TIME_NOTICE, extending=ONE_TIME_NOTICE)


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation with what it explains."""

    label: str
    told: Explanation


def explanations_of(file: MatterFile, now: datetime) -> tuple[Explained, ...]:
    """Return how each due day was computed, the one that matters now first."""
    found = (
        _decision(file, now),
        _single(file, ClockName.SPECIAL, SPECIAL_WORDS, "特别程序（预计）", now),
        _single(file, ClockName.WAIT, WAIT_WORDS, "等待（预计）", now),
        _single(file, ClockName.HEARING, HEARING_WORDS, "组织听证", now),
        _single(file, ClockName.SUPPLEMENT, SUPPLEMENT_WORDS, "补正期限", now),
        _single(file, ClockName.DELIVERY, DELIVERY_WORDS, "送达期限", now),
        _single(file, ClockName.PRE_ACCEPTANCE, PRE_ACCEPTANCE_WORDS, "是否受理", now),
    )
    return tuple(each for each in found if each is not None)


def _decision(file: MatterFile, now: datetime) -> Explained | None:
    promised, statutory = file.clock(ClockName.PROMISED), file.clock(ClockName.STATUTORY)
    leading = statutory or promised
    if leading is None:
        return None
    told = explain(
        leading.started_on,
        promised.limit if promised else None,
        statutory.limit if statutory else None,
        statutory.pauses if statutory else (),
        _extension(statutory),
        calendar=_calendar_of(leading, file),
        hours=file.rules.hours,
        today=_frozen(leading, now),
        promised_pauses=promised.pauses if promised else None,
        promised_extension=_extension(promised),
        started_at=leading.started_at,
    )
    return Explained("逐日核对", _warned(told, ("承诺", promised), ("法定", statutory)))


def _single(file: MatterFile, name: ClockName, words: Wording, label: str, now: datetime) -> Explained | None:
    clock = file.clock(name)
    if clock is None:
        return None
    told = explain(
        clock.started_on,
        None,
        clock.limit,
        clock.pauses,
        _extension(clock),
        calendar=_calendar_of(clock, file),
        hours=file.rules.hours,
        today=_frozen(clock, now),
        started_at=clock.started_at,
        wording=words,
    )
    return Explained(label, _warned(told, (words.statutory, clock)))


def _warned(told: Explanation, *clocks: tuple[str, ClockState | None]) -> Explanation:
    """Add how it came about when each clock turns yellow; one decided on the spot does so when its day opens."""
    added = [
        Sentence(
            f"{word}：{_share(clock)}时预警", "起算那天施行的预警规则",
            f"{written(local_day(clock.yellow_at), clock.started_on)}转黄",
        )
        for word, clock in clocks
        if clock is not None and clock.counts and clock.limit.n and clock.yellow_at is not None
    ]  # fmt: skip
    return replace(told, sentences=(*told.sentences, *added))


def _share(clock: ClockState) -> str:
    return f"剩余不超过期限的 {clock.threshold.percent}%" if clock.limit.unit == "hour" else str(clock.threshold)


def _extension(clock: ClockState | None) -> Limit | None:
    return limit(clock.limit.unit, clock.extension) if clock and clock.extension else None


def _calendar_of(clock: ClockState, file: MatterFile) -> Calendar:
    # The version it was counted under: a closed case keeps the dates that its notices say.
    return org.calendar(int(file.rules.calendar.region), clock.calendar_version)


def _frozen(clock: ClockState, now: datetime) -> date:
    return local_day(clock.stopped_at or now)
