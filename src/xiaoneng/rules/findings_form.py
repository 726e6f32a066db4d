"""The form of a rule about tricks: its code, version, ground, thresholds and their words, and how the trick is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.procedures.card import SUPERVISION


class Met(StrEnum):
    """How a trick is met."""

    FOUND = "found"
    PREVENTED = "prevented"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """Return it in Chinese."""
        return {"found": "发现", "prevented": "办不成", "not_applicable": "暂不适用"}[self.value]


class Source(StrEnum):
    """Where a finding comes from."""

    DETECTOR = "detector"
    PATROL = "patrol"
    SELF_EXAMINATION = "self_examination"
    AUDIT_SAMPLE = "audit_sample"

    @property
    def label(self) -> str:
        """Return it in Chinese."""
        return _SOURCES[self]


_SOURCES = {
    Source.DETECTOR: "平台发现",
    Source.PATROL: "明查暗访",
    Source.SELF_EXAMINATION: "单位自查",
    Source.AUDIT_SAMPLE: "随机抽查",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A trick: its code, the version of its wording, what it is, its ground, from which numbers on it is one, how it is met.

    :param shown_by: for what the platform lets nobody do, the test that shows the refusal.
    """

    code: str
    version: int
    label: str
    meaning: str
    basis: Basis
    thresholds: Mapping[str, float] = field(default_factory=dict)
    met: Met = Met.FOUND
    shown_by: str = ""

    @property
    def measured(self) -> str:
        """Return its thresholds in words."""
        return "，".join(_WORDS[name].format(value) for name, value in self.thresholds.items())


_WORDS = {
    "hours": "{:g} 小时以上",
    "days": "按 {:g} 天",
    "minutes": "{:g} 分钟以内",
    "from": "{:g} 点以后",
    "to": "{:g} 点以前",
    "times": "{:g} 次以上",
    "working_days": "超过 {:g} 个工作日",
    "characters": "不足 {:g} 个字",
    "sigmas": "高出均值 {:g} 倍标准差",
    "least_cases": "不少于 {:g} 件",
    "least_peers": "至少 {:g} 个单位可比",
    "least_above": "至少高出 {:.0%}",
    "past": "以往看此前 {:g} 天",
    "share": "占 {:.0%} 以上",
    "later": "晚 {:g} 天以上受理",
    "before": "转红以前 {:g} 小时以内",
    "held": "领办 {:g} 天以上",
    "within": "{:g} 小时以内",
    "passed": "越过 {:g} 件以上",
    "notice": "改动以后 {:g} 天以内",
    "among": "临时改动的占 {:.0%} 以上",
    "looked_back": "对照此前 {:g} 天的决定",
    "signed": "{:g} 件以上",
    "back": "改回 {:.0%} 以上",
}


def local(text: str) -> Basis:
    """Return a ground that is a rule of the office's own."""
    return Basis(SUPERVISION, "", "", text)
