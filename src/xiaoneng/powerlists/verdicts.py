"""From a verdict of a comparison to a proposal of the list's procedure, and what an ending would mean for running cases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.history import last_version
from xiaoneng.catalogue.models import Item
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.powerlists import actions, models
from xiaoneng.powerlists.reads import Disposition
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.items.content import Content
from xiaoneng.rules.procedures import power_list as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

Verdict = models.Finding.Verdict
# What a verdict proposes; the others leave everything as it is.
PROPOSES = {
    Verdict.CANCEL: Disposition.CANCEL, Verdict.MERGE: Disposition.MERGE, Verdict.RENAME: Disposition.AMEND,
    Verdict.SHORTEN: Disposition.AMEND, Verdict.CUT: Disposition.AMEND, Verdict.ADD: Disposition.ADD,
}  # fmt: skip
GROUND = "跨地区比较（{at:%Y-%m-%d}）：{words}"


@dataclass(frozen=True, slots=True)
class Running:
    """How many cases of an item are open: those accepted, which run on, and those that are not accepted yet."""

    accepted: int
    waiting: int

    def __bool__(self) -> bool:
        return bool(self.accepted or self.waiting)


def running_of(items: Collection[int]) -> dict[int, Running]:
    """Return the open cases of items that have any."""
    rows = Matter.objects.filter(item_version__item__in=list(items), closed=False, version__gt=0)
    counted = rows.values_list("item_version__item_id").annotate(
        accepted=Count("id", filter=Q(number__isnull=False)), waiting=Count("id", filter=Q(number__isnull=True))
    )
    return {item: Running(accepted, waiting) for item, accepted, waiting in counted}


def running(code: str) -> Running:
    """Return the open cases of one item."""
    item = Item.objects.filter(code=code).values_list("id", flat=True).first()
    return running_of([item]).get(item, Running(0, 0)) if item else Running(0, 0)


def proposes(verdict: str) -> bool:
    """Tell whether a verdict leads to a proposal."""
    return verdict in PROPOSES


@transaction.atomic
def propose(finding: int, *, department: int | None, by: Actor, at: datetime) -> int:
    """Hand a verdict to the department as a proposal of its running compilation, and return that compilation.

    Where none of its rounds is being compiled, a round for it alone is opened. The department's editor sees the proposal
    marked with its ground, completes it and carries it through all stages; the comparison alone changes no list.

    :param department: who shall have an item that only others have; otherwise whose item it is.
    :raises NotFound: there is no such line.
    :raises NotAllowed: nothing was decided, the verdict keeps everything, or the person does not keep the lists.
    """
    row = (
        models.Finding.objects.select_for_update(of=("self",))
        .select_related("ours", "theirs", "comparison")
        .filter(pk=finding)
        .first()
    )
    if row is None:
        raise NotFound("没有这条比较结果。请从比较列表里打开。")
    if row.verdict not in PROPOSES:
        raise NotAllowed("请先作出拟取消、拟归并等决定；维持的不用交办。")
    item = row.ours
    whose = item.department_id if item else department
    if whose is None:
        raise NotAllowed("请选择由哪个部门承担这个事项。")
    if Role.LIST_OFFICE not in {each.role for each in org.roles_of(by.account, whose, local_day(at))}:
        raise NotAllowed("比较结论由清单管理人员交办；您没有这个岗位。")
    matter = _being_compiled(whose) or _opened(whose, row, by, at)
    standing = models.Proposal.objects.filter(compilation_id=matter, code=_code(row)).first()
    if (
        standing is not None
        and standing.disposition != Disposition.KEEP
        and standing.disposition != PROPOSES[Verdict(row.verdict)]
    ):
        raise NotAllowed(
            f"部门已经对这个事项提出“{standing.get_disposition_display()}”，请先与部门商定，再在编制里修改。"
        )
    models.Proposal.objects.update_or_create(
        compilation_id=matter, code=_code(row),
        defaults={
            "item": item, "disposition": PROPOSES[Verdict(row.verdict)], "content": _content(row, standing).as_json(),
            "reason": row.reason, "ground": GROUND.format(at=row.comparison.at, words=row.words), "target_code": _target(row),
        },
    )  # fmt: skip
    return matter


def proposed_in(findings: Collection[int]) -> dict[int, int]:
    """Return for findings that were handed over the open compilation in which they stand."""
    rows = models.Finding.objects.filter(pk__in=list(findings), verdict__in=list(PROPOSES)).select_related(
        "ours", "theirs"
    )
    codes = {_code(row): row.pk for row in rows if row.ours_id or row.theirs_id}
    found = models.Proposal.objects.filter(code__in=list(codes)).exclude(disposition=Disposition.KEEP)
    return {codes[code]: matter for code, matter in found.order_by("id").values_list("code", "compilation_id")}


def _code(row: models.Finding) -> str:
    item = row.ours or row.theirs
    assert item is not None
    return item.code if row.ours else f"拟-{item.code}"[:40]


def _target(row: models.Finding) -> str:
    return row.theirs.code if row.verdict == Verdict.MERGE and row.theirs else ""


def _content(row: models.Finding, standing: models.Proposal | None) -> Content:
    """Return what the item shall say: what the department wrote already, changed as the verdict says where that is plain."""
    theirs = content_of(last_version(row.theirs.code)) if row.theirs else None
    if row.ours is None:
        assert theirs is not None
        return theirs
    ours = Content.from_json(standing.content) if standing else content_of(last_version(row.ours.code))
    if theirs is not None and row.verdict == Verdict.RENAME:
        return replace(ours, name=theirs.name)
    if theirs is not None and row.verdict == Verdict.SHORTEN:
        return replace(ours, promised_n=theirs.promised_n, promised_unit=theirs.promised_unit)
    return ours  # which materials go, or into what it is merged, the department writes


def _being_compiled(department: int) -> int | None:
    rows = models.Compilation.objects.filter(
        department_id=department, matter__state__in=[procedure.COMPILING, procedure.LOOKING_BACK]
    )
    return rows.order_by("-matter_id").values_list("matter_id", flat=True).first()


def _opened(department: int, row: models.Finding, by: Actor, at: datetime) -> int:
    name = f"比较结论交办 {local_day(at)}：{org.departments_named([department])[department]}"
    known = models.Round.objects.filter(name__startswith=name).count()
    number = actions.open_round(
        name=name + (f"（{known + 1}）" if known else ""), departments=[department], by=by, at=at
    )
    return models.Compilation.objects.values_list("matter_id", flat=True).get(round_id=number)
