"""The window's moves: accept, not accept, or ask once for everything missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import authority as acting
from xiaoneng.approval import bars, promises, reads
from xiaoneng.approval import facts as held
from xiaoneng.approval.actions import deferred, renewal
from xiaoneng.approval.actions.acceptance import acceptance, acceptance_day
from xiaoneng.approval.actions.deemed import refuse_if_deemed
from xiaoneng.catalogue.reads import Plan, plan
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import falsehood as falsehood_rules
from xiaoneng.rules.acceptance import missing_materials, to_application
from xiaoneng.rules.authority import PAPERS, UNSHOWN
from xiaoneng.rules.deferred import barred as to_bar
from xiaoneng.rules.grounds import Basis, NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day

SUPPLEMENT = WorkingDays(15)  # no national number exists for the applicant's side
ONCE = Basis("行政许可法", 32, "一款四项", "应当一次告知申请人需要补正的全部内容")
UNRELATED = Basis("行政许可法", 31, "一款", "不得要求申请人提交与其申请的行政许可事项无关的技术资料和其他材料")
REASONED = Basis("行政许可法", 38, "二款", "作出不予的决定，应当说明理由")
OTHER_ORGAN = Basis("行政许可法", 32, "一款二项", "不属于本机关职权范围的，告知申请人向有关行政机关申请")


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing to be supplied: what, what would be right, and on which basis it is asked for."""

    text: str
    standard: str
    basis: str
    slot: str = ""  # which material it concerns, if one


def accept(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, certificate: str = "",
    expires_on: date | None = None, authority: str = "",
) -> Moved:  # fmt: skip
    """Accept an application under the item's version in force; the legal clocks start, the case number is drawn.

    :param authority: which paper was seen that shows the authority to act, where it was not on record.
    :param certificate: the licence that it asks to renew, with its last day.
    :raises Obstructed: what stands against it; every obstacle at once.
    """
    file = reads.load(which, key, by=by, at=at, bring=reads.ACCEPTING)
    if file.replay is None and file.state == procedure.RECEIVED:
        refuse_if_deemed(file, at)
        obstacles = obstacles_to_acceptance(file, at) + held.obstacles(file, local_day(at))
        obstacles += acting.obstacles(file, at, authority)
        if obstacles:
            raise Obstructed(obstacles)
        if certificate.strip() or expires_on:
            with transaction.atomic():
                renewal.declare(file, certificate=certificate, expires_on=expires_on, by=by.account, at=at)
                return _accepted(reads.load(which, key, by=by, at=at, bring=reads.ACCEPTING), by, at, key, authority)
    return _accepted(file, by, at, key, authority)


def _accepted(file: MatterFile, by: Actor, at: datetime, key: UUID | None, authority: str) -> Moved:
    version = file.extra["version_in_force"] or file.item_version
    demands = plan(version)
    seen = authority if file.extra["authority"] == UNSHOWN and authority in PAPERS else ""
    change = acceptance(file, demands, acceptance_day(file, at), **({"authority": seen} if seen else {}))
    if seen:
        with transaction.atomic():
            acting.keep(file, seen)
            return _move(file, change, demands, by, at, key)
    return _move(file, change, demands, by, at, key)


def _move(file: MatterFile, change: Change, demands: Plan, by: Actor, at: datetime, key: UUID | None) -> Moved:
    names = promises.excused(file, demands, reads.handed(file, demands)) if promises.any_made(file) else frozenset()
    if not names or promises.by_commitment(file, demands):
        return move(file, "accept", by=by, at=at, change=change, key=key)
    with transaction.atomic():
        change = deferred.with_deferral(change, demands, names, at)
        moved = move(file, "accept", by=by, at=at, change=change, key=key)
        deferred.keep_deferral(file, moved, change, at)
        return moved


def in_force(file: MatterFile) -> Plan:
    """Return the version in force of a received application's item, or the one that it was filed under."""
    version = file.extra["version_in_force"]
    return plan(version) if version else file.plan


def obstacles_to_acceptance(file: MatterFile, at: datetime | None = None) -> tuple[Obstacle, ...]:
    """Return everything that stands against accepting an application."""
    version, demands = file.extra["version_in_force"], in_force(file)
    return (
        *to_application(
            in_force=version is not None, has_limit=demands.has_limit, on_application=demands.on_application,
            item=demands.name,
        ),
        *bars.obstacles(file, demands),
        *_missing(file, demands, at),
    )  # fmt: skip


def _missing(file: MatterFile, demands: Plan, at: datetime | None) -> tuple[Obstacle, ...]:
    handed = reads.handed(file, demands)
    if not promises.any_made(file):
        return missing_materials(handed)
    names = promises.excused(file, demands, handed)
    barred = promises.barred_until(file.extra["identity_mark"], local_day(at)) if names and at else None
    return (*missing_materials(each for each in handed if each.name not in names), *to_bar(barred))


def request_correction(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, lacks: Sequence[Lack], reason_again: str = ""
) -> Moved:
    """Tell the applicant once and for all what is missing; a second notice needs a reason and is on record as such.

    :raises Obstructed: nothing is named, or it is the second notice and no reason is given.
    """
    file = reads.load(which, key, by=by, at=at)
    again = "request_correction" in file.actors
    if file.replay is None and file.state == procedure.RECEIVED:
        refuse_if_deemed(file, at)
        check_notice(lacks, again, reason_again)
        refuse_foreign(file, lacks)
    change = Change(
        starts={ClockName.SUPPLEMENT: StartOf(SUPPLEMENT, local_day(at))},
        facts={
            "lacks": [asdict(each) for each in lacks],
            "again": again,
            "reason_again": reason_again.strip(),
            **({"visible_before": visible_before(file, lacks)} if again else {}),
        },
    )
    return move(file, "request_correction", by=by, at=at, change=change, key=key)


def refuse_foreign(file: MatterFile, lacks: Sequence[Lack]) -> None:
    """Let no notice out that asks for a material of another situation than the applicant's.

    :raises Obstructed: it does.
    """
    asked, may = {each.slot for each in lacks}, {each.slot for each in reads.concerned(file)}
    foreign = [each for each in reads.filed_under(file).materials if each.slot in asked - may]
    if foreign:
        raise Obstructed(
            Obstacle(
                f"want-{each.slot}", f"申请人的情形不需要“{each.name}”。", UNRELATED, "请去掉这一项；情形选错的，写进“其他”。"
            )
            for each in foreign
        )  # fmt: skip


def visible_before(file: MatterFile, lacks: Sequence[Lack]) -> list[str]:
    """Return which materials a further notice asks about that could have been asked about the first time.

    Those that came with the application, were not asked about then, and have not been handed in anew since.
    """
    notices = (line for line in matters.journal(file.id) if line.move == "request_correction")
    asked = {each.get("slot", "") for line in notices for each in line.facts["what"]["lacks"]}
    renewed = {slot for slot, _, round_, _ in reads.attached(file) if round_ > 0}
    return sorted({each.slot for each in lacks if each.slot} - asked - renewed)


def check_notice(lacks: Sequence[Lack], again: bool, reason_again: str) -> None:
    """Let no notice out that names nothing, or that is the second one without a reason.

    :raises Obstructed: it is.
    """
    obstacles = []
    if not lacks:
        obstacles.append(Obstacle("lacks", "还没有写明要补正什么。", ONCE, "请逐项写明要补正的内容，一次写全。"))
    if again and not reason_again.strip():
        obstacles.append(
            Obstacle(
                "reason_again", "本件已经告知过一次补正，不能再次告知。", ONCE,
                "如果是第一次看不出来的问题，请写明理由；这次告知会记入监察。",
            )
        )  # fmt: skip
    if obstacles:
        raise Obstructed(obstacles)


GROUNDS = {
    "not_needed": "依法不需要取得行政许可",
    "not_ours": "依法不属于本机关职权范围",
    falsehood_rules.FALSE: f"申请人{falsehood_rules.GROUND}",
    falsehood_rules.BARRED: "申请人在法律限定的期间内不得再次申请",
}


def not_accept(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, ground: str, reason: str, right_organ: str = "",
    falsehood: str = "",
) -> Moved:  # fmt: skip
    """Decide not to accept, with the ground, the reason and, where another organ is competent, its name.

    :param falsehood: which material is false or which fact was hidden, where that is the ground.
    :raises Obstructed: ground, reason, the right organ or what is false is missing, or nothing bars the applicant.
    """
    file, bar = reads.load(which, key, by=by, at=at), None
    if file.replay is None and file.state == procedure.RECEIVED:
        refuse_if_deemed(file, at)
        bar = bars.bar_of(file, in_force(file)) if ground == falsehood_rules.BARRED else None
        check_refusal(ground, reason, right_organ, falsehood, bar)
    facts = refusal_facts(ground, reason, right_organ, falsehood, bar)
    return move(file, "not_accept", by=by, at=at, change=Change(facts=facts), key=key)


def refusal_facts(
    ground: str, reason: str, right_organ: str, falsehood: str = "", bar: falsehood_rules.Bar | None = None
) -> dict[str, Any]:
    """Return what a journal keeps of a decision not to accept."""
    facts: dict[str, Any] = {"ground": ground, "reason": reason.strip(), "right_organ": right_organ.strip()}
    if falsehood.strip():
        facts["falsehood"] = falsehood.strip()
    if bar is not None:
        facts |= {"bar_basis": str(bar.basis), "barred_until": bar.until.isoformat(), "barred_by": bar.called}
    return facts


def check_refusal(
    ground: str, reason: str, right_organ: str, falsehood: str = "", bar: falsehood_rules.Bar | None = None
) -> None:
    """Let no refusal out without its ground, its reason and, where another organ is competent, its name.

    :param bar: what keeps the applicant from applying, as the platform found it.
    :raises Obstructed: one of them is missing.
    :raises NotAllowed: the ground is none of the law's.
    """
    obstacles: list[Obstacle] = [*falsehood_rules.to_ground(ground, falsehood), *falsehood_rules.to_barred(ground, bar)]
    if ground not in GROUNDS:
        raise NotAllowed(f"请选择不予受理的法定情形：{'；'.join(GROUNDS.values())}。材料不齐应当告知补正。")
    if not reason.strip():
        obstacles.append(Obstacle("reason", "还没有写明不予受理的理由。", REASONED, "请写明事实和理由。"))
    if ground == "not_ours" and not right_organ.strip():
        obstacles.append(
            Obstacle("right_organ", "还没有写明应当向哪个机关申请。", OTHER_ORGAN, "请填写有权办理的机关名称。")
        )
    if obstacles:
        raise Obstructed(obstacles)
