"""How cases really ran, as programs read it: steps, passages, ways, deviations; and imported history with its own figures."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from xiaoneng.api.schemas.words import Answer, Instant


class RanStep(Answer):
    """A step: how often it was taken, in how many cases, in how many of them more than once."""

    name: str
    label: str
    times: int
    cases: int
    again: int


class RanPassage(Answer):
    """How often one step was followed by another, and how long that took; nothing where it cannot be told."""

    source: str
    target: str
    times: int
    cases: int
    half: float | None = Field(description="中位数")
    nine_tenths: float | None = Field(description="九成在这以内")
    total: float = Field(description="合计等待")


class RanWay(Answer):
    """A way that cases took from beginning to end; steps of one moment stand together."""

    mark: str
    steps: list[list[str]]
    cases: int
    half: float | None


class DeviationTold(Answer):
    """A way of leaving the declared steps, and how many cases left them so."""

    code: str
    label: str
    cases: int


class ProcessTold(Answer):
    """What the journals of some cases tell together; ▶ is the beginning and ■ the end."""

    cases: int
    events: int
    unit: str = Field(examples=["个工作日", "天"], description="各用时的单位")
    half: float | None
    nine_tenths: float | None
    all_ways: int
    steps: list[RanStep]
    passages: list[RanPassage]
    ways: list[RanWay] = Field(description="走得最多的二十条")
    bottlenecks: list[RanPassage] = Field(description="合计等待最久的五段")


class OwnProcessTold(ProcessTold):
    """How our own cases ran, and where they left the declared steps."""

    cut: bool = Field(description="只看了最新的一部分")
    deviations: list[DeviationTold]


class RanCase(Answer):
    """A case behind a figure of the process."""

    number: str
    title: str
    department: int
    department_name: str
    step: str
    opened_at: Instant


class LogTold(Answer):
    """An imported log."""

    id: int
    name: str
    mapping: str
    source: str
    taken_in_at: Instant
    by_day: bool = Field(description="有的时间只记到日，同一天的各步不分先后")
    cases: int
    events: int


class LogMapping(Answer):
    """A mapping that logs can be read under."""

    name: str
    title: str


class LogIntake(Answer):
    """A log handed in: how far it is, and what came of it."""

    id: int
    name: str = Field(description="文件名")
    called: str = Field(description="日志的名称；空的用文件名")
    mapping: str
    at: Instant
    state: Literal["waiting", "running", "done", "failed"]
    state_label: str
    progress: str
    report: dict[str, Any] | None = Field(description="导入以后：件数、步数、新增、未变和要留意的地方")


class LogFigures(Answer):
    """What a log says of its cases, by its own words and its own deadlines."""

    ended: int
    still_open: int
    with_due: int
    ended_late: int
    ended_in_time: int
    median_days: float | None
    mean_days: float | None
    fees: int
    fee_sum: float
    incomplete: int
    several_parts: int
    status: dict[str, int]
    channels: dict[str, int]
    late_by_responsible: dict[str, int]


class LogWhole(LogTold):
    """An imported log with its figures and how its cases ran; nothing of it is mixed with our own figures."""

    figures: LogFigures
    process: ProcessTold


class PastCase(Answer):
    """A case of an imported log."""

    id: int
    name: str
    events: int
    started_at: Instant | None
    ended_at: Instant | None
    due_at: Instant | None
    late: bool | None


class PastStep(Answer):
    """A step as the source tells it; times as written there."""

    at: str | None
    name: str
    label: str
    who: str
    due: str | None


class PastStory(Answer):
    """A case of an imported log as its source tells it, in the order of the file."""

    name: str
    source: str
    attributes: dict[str, str]
    steps: list[PastStep]
