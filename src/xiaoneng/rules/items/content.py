"""Everything that one version of an item says, as plain frozen values; drafts, imports and comparisons speak it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xiaoneng.rules.units import Limit, limit


class Rank(StrEnum):
    """The rank of a norm; it decides what the norm may set up."""

    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    STATE_COUNCIL_DECISION = "state_council_decision"
    LOCAL_REGULATION = "local_regulation"
    PROVINCIAL_RULE = "provincial_rule"
    DEPARTMENT_RULE = "department_rule"
    MUNICIPAL_RULE = "municipal_rule"
    NORMATIVE_DOCUMENT = "normative_document"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """Return the rank in Chinese."""
        return RANK_LABELS[self]


RANK_LABELS = {
    Rank.LAW: "法律",
    Rank.ADMINISTRATIVE_REGULATION: "行政法规",
    Rank.STATE_COUNCIL_DECISION: "国务院决定",
    Rank.LOCAL_REGULATION: "地方性法规",
    Rank.PROVINCIAL_RULE: "省级政府规章",
    Rank.DEPARTMENT_RULE: "部门规章",
    Rank.MUNICIPAL_RULE: "设区的市政府规章",
    Rank.NORMATIVE_DOCUMENT: "规范性文件",
    Rank.UNKNOWN: "层级待核",
}


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A provision on which an item, a fee or a material rests; the days are ISO dates, empty where unknown."""

    law: str
    rank: str = Rank.UNKNOWN
    document: str = ""  # 文号
    article: str = ""
    text: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def __str__(self) -> str:
        law = self.law if self.law.startswith("《") else f"《{self.law}》"
        return f"{law}{f'（{self.document}）' if self.document else ''}{self.article}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A material, and the scenarios in which it is asked for (none: in all)."""

    name: str
    required: bool = True
    form: str = "电子或纸质"
    copies: int = 1
    note: str = ""
    source: str = "申请人自备"
    kind: str = ""  # 原件、复印件、电子件
    standard: str = ""  # 受理标准
    deferrable: bool = False  # 容缺后补
    deferred_days: int | None = None
    replaceable: str = ""  # the certificate or shared data that replaces it
    basis: str = ""
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the review chain."""

    kind: str
    name: str
    role: str
    days: int | None = None
    unit: str = "working_day"
    standard: str = ""  # 审查标准


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation (情形) that an applicant recognises; it selects materials."""

    name: str
    question: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """A charge in yuan: a fixed amount has equal bounds, an open bound is None."""

    name: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    basis: str = ""
    basis_rank: str = Rank.UNKNOWN
    exemption: str = ""
    exemption_basis: str = ""
    way: str = ""  # 缴费方式

    @property
    def amount(self) -> str:
        """Return the amount as people read it."""
        if self.low is None and self.high is None:
            return "按标准计收"
        if self.low == self.high:
            return f"{self.low} 元{f'/{self.unit}' if self.unit else ''}"
        low, high = (f"{self.low} 元" if self.low is not None else ""), (f"{self.high} 元" if self.high else "")
        words = f"{low}至 {high}" if low and high else (f"{low}起" if low else f"不超过 {high}")
        return f"{words}{f'/{self.unit}' if self.unit else ''}"


@dataclass(frozen=True, slots=True)
class Result:
    """What somebody has in hand in the end."""

    name: str
    kind: str = "证照"  # 证照、批文、其他、无
    validity: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """Where and when the item is handled."""

    name: str
    address: str = ""
    hours: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A frequent question with its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class SpecialStep:
    """A special procedure whose time does not count: its kind, days and basis."""

    kind: str
    days: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Intermediary:
    """A service of a third party that must be had before applying, and the norm that demands it."""

    name: str
    basis: str = ""
    basis_rank: str = Rank.UNKNOWN


@dataclass(frozen=True, slots=True)
class Duty:
    """A line of the list of responsibilities: the duty, and when its neglect is answered for."""

    duty: str
    accountability: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a version of an item says."""

    name: str
    kind: str
    statutory_n: int | None = None
    statutory_unit: str = ""
    statutory_note: str = ""
    promised_n: int | None = None
    promised_unit: str = ""
    promised_note: str = ""
    case_type: str = ""
    conditions: str = ""
    review_standard: str = ""
    quantity_limit: str = ""
    basis: str = ""
    audience: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    body_nature: str = ""
    delegated_by: str = ""
    undertaken_by: str = ""
    joined_by: str = ""
    exercise_level: str = ""
    division_of_power: str = ""
    exercise_content: str = ""
    power_source: str = ""
    online: bool = True
    online_depth: str = ""
    ways: tuple[str, ...] = ()
    visits: int | None = None
    visit_reason: str = ""
    reach: str = ""
    bookable: bool = False
    courier: bool = False
    paid_online: bool = False
    stationed: bool = False
    single_window: bool = False
    window_authorised: bool = False
    self_service: bool = False
    unstationed_ground: str = ""
    season: str = ""
    form_fields: int | None = None
    location: str = ""
    open_hours: str = ""
    phone: str = ""
    complaint_phone: str = ""
    web_address: str = ""
    mobile_address: str = ""
    result: str = ""
    reconsideration: str = ""
    court: str = ""
    early_issue: bool = False  # 容缺的可以先发证
    committable: bool = False  # 可以告知承诺
    commitment_text: str = ""
    check_days: int | None = None  # 事后核查，工作日
    bears_on_safety: bool = False  # 直接关系公共安全、人身健康、生命财产安全（行政许可法第七十八条、第七十九条）
    legal_bases: tuple[LegalBasis, ...] = ()
    materials: tuple[Paper, ...] = ()
    steps: tuple[Stage, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    fees: tuple[Fee, ...] = ()
    results: tuple[Result, ...] = ()
    counters: tuple[Counter, ...] = ()
    questions: tuple[Question, ...] = ()
    special_steps: tuple[SpecialStep, ...] = ()
    intermediaries: tuple[Intermediary, ...] = ()
    duties: tuple[Duty, ...] = field(default=())

    @property
    def statutory(self) -> Limit | None:
        """Return the statutory limit, if there is one."""
        return limit(self.statutory_unit, self.statutory_n) if self.statutory_n is not None else None

    @property
    def promised(self) -> Limit | None:
        """Return the promised limit, if there is one."""
        return limit(self.promised_unit, self.promised_n) if self.promised_n is not None else None

    def said(self) -> list[Any]:
        """Return what is said, by name and without what is not, so that it can be compared however parts are added."""
        flat = [each for name in FLAT if (each := _said(self, name))]
        rows = [
            [part, [[each for name in ROW_NAMES[part] if (each := _said(row, name))] for row in given]]
            for part in ROWS
            if (given := getattr(self, part))
        ]
        return flat + rows

    def as_json(self) -> dict[str, Any]:
        """Return the content as plain values for a column or a file; amounts become text."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Content:
        """Read back what as_json() wrote; what is missing keeps its default.

        :raises KeyError: name or kind is missing.
        """
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        for name, kind in ROWS.items():
            values[name] = tuple(_row(kind, each) for each in values.get(name, ()))
        for name in LISTS:
            values[name] = tuple(values.get(name, ()))
        return cls(**({"name": plain["name"], "kind": plain["kind"]} | values))


# The parts that are rows of their own, and those that are lists of words.
ROWS: Mapping[str, type[Any]] = {
    "legal_bases": LegalBasis,
    "materials": Paper,
    "steps": Stage,
    "scenarios": Scenario,
    "fees": Fee,
    "results": Result,
    "counters": Counter,
    "questions": Question,
    "special_steps": SpecialStep,
    "intermediaries": Intermediary,
    "duties": Duty,
}
LISTS = ("audience", "themes", "aliases", "ways")
FLAT = tuple(each.name for each in fields(Content) if each.name not in ROWS)
ROW_NAMES = {part: tuple(each.name for each in fields(kind)) for part, kind in ROWS.items()}
MONEY = ("low", "high")


def _said(of: Any, name: str) -> list[Any]:
    value = getattr(of, name)
    # Nought is said: 0 days means at once.
    return [] if value is None or value is False or value == "" or value == () else [name, value]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value


def _row(kind: type[Any], plain: Mapping[str, Any]) -> Any:
    known = {each.name for each in fields(kind)}
    values = {name: value for name, value in plain.items() if name in known}
    for name in MONEY:
        if name in values and values[name] is not None:
            values[name] = Decimal(str(values[name]))
    if "scenarios" in values:
        values["scenarios"] = tuple(values["scenarios"])
    return kind(**values)
