"""What can be applied for in 安澜, read from `guides/`: our own words, each resting on a law that everybody can look up.

Where an article or a limit could not be checked against the text, the basis says 条文待核.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from xiaoneng.catalogue.imports import limits
from xiaoneng.rules.units import Limit

PLACE = Path(__file__).parent / "guides"
LICENCE_LIMIT = "《中华人民共和国行政许可法》第四十二条第一款（二十日内作出决定）"
LICENCE = "行政许可"
_SHORT = {"@42": LICENCE_LIMIT}
_AUDIENCES = {
    "person": ("自然人",),
    "firm": ("企业法人", "非法人企业"),
    "both": ("自然人", "企业法人", "非法人企业"),
    "org": ("企业法人", "事业法人", "社会组织法人", "非法人企业", "行政机关", "其他组织"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A material, where the applicant gets it, and in which form it is taken."""

    name: str
    source: str = "申请人自备"
    note: str = ""
    required: bool = True
    form: str = "电子或纸质"
    situations: tuple[str, ...] = ()  # in which it is asked for; none: in all


@dataclass(frozen=True, slots=True)
class Guide:
    """An item as its guide describes it; `reviews` are the steps between acceptance and decision with their days.

    The last four say what people of this city apply for: how often, in which words, in which trade, and which special
    procedure it may need.
    """

    key: str
    organ: str
    name: str
    kind: str
    statutory: Limit | None
    promised: Limit | None
    conditions: tuple[str, ...]
    basis: tuple[str, ...]
    papers: tuple[Paper, ...]
    reviews: tuple[tuple[str, int], ...]
    audience: tuple[str, ...]
    themes: tuple[str, ...]
    aliases: tuple[str, ...]
    result: str
    online: bool
    weight: int
    asks: tuple[str, ...]
    trade: str
    special: str
    situations: tuple[tuple[str, str, str], ...] = ()  # question, answer, note
    season: str = ""
    safety: bool = False  # bears directly on public safety, health, life or property; 条文待核 where no statute says so

    @property
    def open(self) -> bool:
        """Tell whether it can be applied for: some limit is published."""
        return self.promised is not None

    @property
    def required(self) -> list[int]:
        """Return the places of the materials that it cannot do without in the situation in which people come."""
        usual = set(self.usual)
        asked = (not paper.situations or usual & set(paper.situations) for paper in self.papers)
        return [n for n, (paper, fits) in enumerate(zip(self.papers, asked, strict=True)) if paper.required and fits]

    @property
    def usual(self) -> tuple[str, ...]:
        """Return the situation in which people come: the first answer to each question."""
        first: dict[str, str] = {}
        for question, answer, _ in self.situations:
            first.setdefault(question, answer)
        return tuple(first.values())


_SHARED = {
    "@申请书": Paper("申请书", "窗口领取或网上填写", "写明申请事项，由申请人签名或者盖章"),
    "@营业执照": Paper("营业执照", "市场监督管理部门核发", "可以调用电子证照，不必复印", form="电子证照"),
    "@身份证明": Paper("申请人身份证明", "公安机关核发", "窗口核对原件，不收复印件", form="原件核验"),
    "@授权委托书": Paper("授权委托书", note="委托他人办理时才要", required=False),
}


@cache
def guides() -> Mapping[str, Guide]:
    """Return every guide by its key, in the order of the files."""
    found: dict[str, Guide] = {}
    for file in sorted(PLACE.glob("*.toml")):
        for row in tomllib.loads(file.read_text("utf-8"))["item"]:
            found[row["key"]] = _guide(row)
    return found


def _guide(row: Mapping[str, Any]) -> Guide:
    return Guide(
        key=row["key"],
        organ=row["organ"],
        name=row["name"],
        kind=row.get("kind", LICENCE),
        statutory=_limit(row.get("statutory")),
        promised=_limit(row.get("promised")),
        conditions=tuple(row["conditions"]),
        basis=tuple(_SHORT.get(text, text) for text in row["basis"]),
        papers=tuple(_paper(text) for text in row["papers"]),
        reviews=tuple(_review(text) for text in row.get("steps", ())),
        audience=_AUDIENCES[row.get("for", "firm")],
        themes=tuple(row["themes"]),
        aliases=tuple(row["aliases"]),
        result=row["result"],
        online=row.get("online", True),
        weight=row.get("weight", 1),
        asks=tuple(row.get("asks", ())),
        trade=row.get("trade", ""),
        special=row.get("special", ""),
        situations=tuple(tuple(each) for each in row.get("situations", ())),
        season=row.get("season", ""),
        safety=row.get("safety", False),
    )


def _limit(words: str | None) -> Limit | None:
    return limits.parse(words) if words else None


def _paper(text: str) -> Paper:
    """Read `~名称|来源|说明|情形、情形`; the tilde marks what one may do without."""
    if text in _SHARED:
        return _SHARED[text]
    name, source, note, only = [*text.removeprefix("~").split("|"), "", "", ""][:4]
    situations = tuple(only.split("、")) if only else ()
    return Paper(name, source or "申请人自备", note, required=not text.startswith("~"), situations=situations)


def _review(text: str) -> tuple[str, int]:
    name, days = text.rsplit(" ", 1)
    return name, int(days)
