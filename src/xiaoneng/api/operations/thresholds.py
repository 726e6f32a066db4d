"""From when lights warn, kept by programs of the system administrator."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import caller_of
from xiaoneng.api.operations.organisation import SYSTEM, Done
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Day, Instant, Version
from xiaoneng.api.tables import by_of
from xiaoneng.api.unchanged import seen_of
from xiaoneng.kit import clock
from xiaoneng.matters import thresholds as rules
from xiaoneng.rules.units import Threshold
from xiaoneng.rules.workdays import local_day

room = Room(tags=["管理"])


class ThresholdTold(Answer):
    """A rule of warning: for which matters, what it says, since when."""

    scope: str
    item: str
    said: str
    since: date
    stage: str = Field(examples=["将施行", "施行中", "已被代替"])
    reason: str
    set_by: str
    set_at: Instant
    version: Version = Field(description="全部规则的标记，每条都一样；写在 If-Match 里，别人先定了新的就会告诉您")


class OwnThreshold(Body):
    """A share of the limit that is left, and at least so many days."""

    percent: Annotated[int, Field(ge=0, le=90)]
    least: Annotated[int, Field(ge=0, le=60)]


class ThresholdAsked(Body):
    """From when lights warn, for clocks that start on a day to come or later."""

    kind: Annotated[
        str, Field(max_length=40, pattern=CLEAN, description="哪一类事，如 application；不填是所有的事")
    ] = ""
    item: Annotated[str, Field(max_length=40, pattern=CLEAN, description="只对一个事项规定时填实施编码")] = ""
    threshold: Annotated[OwnThreshold | None, Field(description="null：不再单独规定，按上一级的规则")]
    since: Annotated[Day, Field(description="从哪一天起，最早明天；已经在走的时钟不变")]
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]


@room.reads("/admin/thresholds", list[ThresholdTold], door=SYSTEM, summary="预警规则")
def list_thresholds(request: HttpRequest) -> list[ThresholdTold]:
    """List every rule of warning there was, those to come and in force first."""
    version = rules.mark()
    return [
        ThresholdTold(
            scope=each.scope, item=each.item, said=each.said, since=each.since, stage=each.stage, reason=each.reason,
            set_by=each.set_by, set_at=each.set_at, version=version,
        )
        for each in rules.lines(local_day(caller_of(request).now))
    ]  # fmt: skip


@room.changes("/admin/thresholds", Done, door=SYSTEM, summary="修改预警规则", marked=True)
def change_threshold(request: HttpRequest, asked: ThresholdAsked) -> Done:
    """Say from when lights warn, of clocks that start on a day to come or later."""
    own = Threshold(asked.threshold.percent, asked.threshold.least) if asked.threshold else None
    rules.change(
        kind=asked.kind, item=asked.item, threshold=own, since=asked.since, reason=asked.reason, by=by_of(request),
        at=clock.now(), seen=seen_of(request),
    )  # fmt: skip
    return Done(text=f"{asked.since} 起开始计时的按新规则预警；已经在走的时钟不变。")
