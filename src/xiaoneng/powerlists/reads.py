"""Questions about rounds: who is where, who is late, what is proposed, what speaks against it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from xiaoneng.catalogue import adjusting
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.models import Item, ItemVersion
from xiaoneng.kit import marks
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org.models import Department
from xiaoneng.powerlists import models
from xiaoneng.rules.grounds import Basis, NotFound, Obstacle
from xiaoneng.rules.items.content import Content
from xiaoneng.rules.items.differences import Difference, differences
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.procedures import power_list as procedure
from xiaoneng.rules.procedures.power_list import LISTED, PROCEDURE
from xiaoneng.rules.workdays import local_day

Disposition = models.Proposal.Disposition
# Those that say what an item is to be; the others say that it is to end.
STAYING = frozenset({Disposition.KEEP, Disposition.ADD, Disposition.AMEND, Disposition.TAKE_OVER, Disposition.ENTRUST})
CONSENT = Basis("权力清单编制规则", "", "", "调整每一项权力都应当写明理由和依据")


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round as a list shows it."""

    id: int
    name: str
    region: str
    opened_at: datetime
    departments: int
    published: int
    compile_days: int
    stage_days: int
    notice_days: int


@dataclass(frozen=True, slots=True)
class CompilationLine:
    """Where a department stands in a round."""

    matter: int
    round: int
    round_name: str
    department: str
    department_id: int
    state: str
    state_label: str
    light: Light
    due_on: date | None
    late: bool
    closed: bool
    items: int
    notice_ends: date | None


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """What is proposed for one item."""

    id: int
    code: str
    name: str
    kind: str
    disposition: str
    label: str
    content: Content
    reason: str
    ground: str
    on_running: str
    target: str
    target_code: str
    looked_back: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """What somebody said, and the answer."""

    id: int
    source: str
    label: str
    who: str
    text: str
    at: datetime
    code: str
    answer: str
    answered_at: datetime | None
    version: str


def file_of(matter: int, *, by: Actor | None = None, at: datetime | None = None) -> MatterFile:
    """Return the matter of a compilation with its clocks.

    :raises NotFound: there is none
    """
    if not models.Compilation.objects.filter(pk=matter).exists():
        raise NotFound("没有这份清单编制。请从编制列表里打开。")
    account, on = (by.account, local_day(at)) if by and at else (0, None)
    return matters.file(matter, by=account, on=on)


def rounds() -> tuple[RoundLine, ...]:
    """Return all rounds, newest first."""
    return tuple(_round(row) for row in models.Round.objects.select_related("region").order_by("-id"))


def round_of(number: int) -> RoundLine:
    """Return a round.

    :raises NotFound: there is none
    """
    row = models.Round.objects.select_related("region").filter(pk=number).first()
    if row is None:
        raise NotFound("没有这一轮编制。请从编制列表里打开。")
    return _round(row)


def _round(row: models.Round) -> RoundLine:
    published = row.compilations.filter(matter__state=procedure.PUBLISHED).count()
    return RoundLine(
        row.pk, row.name, row.region.name, row.opened_at, row.compilations.count(), published, row.compile_days,
        row.stage_days, row.notice_days,
    )  # fmt: skip


def board(number: int, now: datetime, departments: Iterable[int] | None = None) -> tuple[CompilationLine, ...]:
    """Return where each department of a round stands, those that are late first."""
    rows = models.Compilation.objects.filter(round_id=number)
    if departments is not None:
        rows = rows.filter(department_id__in=list(departments))
    found = [_compilation(row, now) for row in rows.select_related("matter", "department", "round")]
    order = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2, Light.PAUSED: 3}
    return tuple(
        sorted(found, key=lambda each: (each.closed, order[each.light], each.due_on or date.max, each.department))
    )


def compilation(matter: int, now: datetime) -> CompilationLine:
    """Return where one department stands.

    :raises NotFound: there is no such compilation
    """
    row = models.Compilation.objects.select_related("matter", "department", "round").filter(pk=matter).first()
    if row is None:
        raise NotFound("没有这份清单编制。请从编制列表里打开。")
    return _compilation(row, now)


def _compilation(row: models.Compilation, now: datetime) -> CompilationLine:
    one = row.matter
    dues = matters.dues_of([one.pk]).get(one.pk, {})
    state = PROCEDURE.state(one.state)
    light = Light.GREEN if one.closed else light_at(one.yellow_at, one.red_at, one.paused, now)
    return CompilationLine(
        one.pk, row.round_id, row.round.name, row.department.name, row.department_id, one.state, state.label, light,
        None if one.closed else dues.get("stage"), one.late, one.closed, row.proposals.count(), row.notice_ends,
    )  # fmt: skip


def proposals(matter: int) -> tuple[ProposalLine, ...]:
    """Return what a department proposes, in the order of the codes."""
    rows = models.Proposal.objects.filter(compilation_id=matter).order_by("code")
    return tuple(proposal_line(row) for row in rows)


def proposal(matter: int, number: int) -> ProposalLine:
    """Return one proposal.

    :raises NotFound: there is none
    """
    row = models.Proposal.objects.filter(compilation_id=matter, pk=number).first()
    if row is None:
        raise NotFound("没有这个事项。请从清单里打开。")
    return proposal_line(row)


def proposal_line(row: models.Proposal) -> ProposalLine:
    """Return a proposal as pages and actions read it."""
    content = Content.from_json(row.content)
    return ProposalLine(
        row.pk, row.code, content.name, content.kind, row.disposition, row.get_disposition_display(), content, row.reason,
        row.ground, row.on_running, row.target, row.target_code, row.looked_back, row.item_id is None,
    )  # fmt: skip


def values_of(each: ProposalLine) -> dict[str, Any]:
    """Return what a proposal says, by the names that people know; the whole content stands behind the rest, unnamed."""
    return {
        "处理方式": each.label, "名称": each.name, "理由": each.reason, "依据": each.ground, "在办件": each.on_running,
        "_": (each.target, each.target_code, json.dumps(each.content.as_json(), sort_keys=True)),
    }  # fmt: skip


def mark_of(each: ProposalLine) -> str:
    """Return the mark of what a proposal says."""
    return marks.mark(values_of(each))


def changes_of(each: ProposalLine, at: datetime) -> tuple[Difference, ...]:
    """Return in what a proposal departs from the version in force."""
    standing = (
        ItemVersion.objects.filter(item__code=each.code, in_force__contains=at).values_list("id", flat=True).first()
    )
    return differences(content_of(standing), each.content) if standing else ()


def obstacles_of(each: ProposalLine, at: datetime) -> tuple[Obstacle, ...]:
    """Return what the mechanical checks find against a proposal: the law of lists, what is fixed above, its reasons."""
    found: list[Obstacle] = []
    changed = each.disposition != Disposition.KEEP
    if changed and not each.reason.strip():
        found.append(Obstacle("reason", f"“{each.name}”拟{each.label}，没有写明理由。", CONSENT, "请写明理由。"))
    if changed and not each.ground.strip():
        found.append(
            Obstacle(
                "ground", f"“{each.name}”拟{each.label}，没有写明依据。", CONSENT, "请写明依据的法律、法规或者文件。"
            )
        )
    if each.disposition in (Disposition.TRANSFER, Disposition.DELEGATE) and not each.target.strip():
        found.append(Obstacle("target", f"“{each.name}”没有写明交给谁。", CONSENT, "请填写承接的组织或者下级机关。"))
    if each.disposition == Disposition.MERGE and not Item.objects.filter(code=each.target_code).exists():
        found.append(Obstacle("target_code", f"“{each.name}”没有写明并入哪个事项。", CONSENT, "请填写清单内的编码。"))
    if each.disposition in STAYING:
        item = Item.objects.select_related("basic__kind").filter(code=each.code).first()
        found += adjusting.obstacles_to_content(each.content, adjusting.basics_of(item) if item else None, at)
    elif each.is_new:
        found.append(
            Obstacle("disposition", f"“{each.name}”不在清单内，只能新增或者承接。", LISTED, "请改为新增或者承接。")
        )
    return tuple(found)


def duplicates_in(matter: int) -> tuple[str, ...]:
    """Return the names that two items of a compilation share."""
    counts = Counter(each.name for each in proposals(matter) if each.disposition in STAYING)
    return tuple(name for name, n in counts.items() if n > 1)


def remarks(matter: int, source: str = "") -> tuple[RemarkLine, ...]:
    """Return what was said about a compilation, oldest first."""
    rows = models.Remark.objects.filter(compilation_id=matter).select_related("proposal").order_by("id")
    if source:
        rows = rows.filter(source=source)
    return tuple(
        RemarkLine(
            row.pk, row.source, row.get_source_display(), row.who, row.text, row.at, row.proposal.code if row.proposal else "",
            row.answer, row.answered_at, marks.mark(answered(row)),
        )
        for row in rows
    )  # fmt: skip


def answered(row: models.Remark) -> dict[str, object]:
    """Return what whoever answers a remark writes over."""
    return {"答复": row.answer} if row.answer else {}


def open_for_comment(now: datetime) -> tuple[CompilationLine, ...]:
    """Return the compilations that the public may say something about."""
    rows = models.Compilation.objects.filter(matter__state=procedure.PUBLIC_NOTICE, notice_ends__gte=local_day(now))
    return tuple(_compilation(row, now) for row in rows.select_related("matter", "department", "round"))


def counts_of(matter: int) -> dict[str, Any]:
    """Return how many items a compilation has of each disposition."""
    rows = models.Proposal.objects.filter(compilation_id=matter).values("disposition").annotate(n=Count("id"))
    return {Disposition(row["disposition"]).label: row["n"] for row in rows.order_by("-n")}


def departments_with_items() -> tuple[tuple[int, str, str], ...]:
    """Return the departments that have items: id, name, region."""
    rows = Department.objects.filter(items__isnull=False).distinct().order_by("region_id", "id")
    return tuple(rows.values_list("id", "name", "region__name"))
