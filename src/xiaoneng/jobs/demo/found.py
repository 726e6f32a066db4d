"""What the office finds in 安澜 beyond lateness: tricks in the journals, a patrol, a department's own examination, a sample."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db.models import F

from xiaoneng.approval.actions import claims
from xiaoneng.jobs.demo.city import City
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.rules.procedures import finding as states
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models
from xiaoneng.supervision.findings import actions, carded, detect, draws

ASKED = 3  # suspicions that the office sends to the departments
SEED = "20260302"
WANTS = "请说明经过和原因，并附上当时的记录。"


def look(city: City, at: datetime) -> None:
    """Run the detectors as the worker does, and draw the sample of the month."""
    _leave_lying(at)
    _pass_around(at)
    detect.in_cases(lambda: at)
    detect.in_habits(lambda: at)
    office, today = city.actors["supervisor"], local_day(at)
    draws.draw(since=today - timedelta(days=30), until=today, wanted=8, by=office, at=at, seed=SEED)


def _leave_lying(at: datetime) -> None:
    """Let somebody have had one of the late cases for days, and lay it back some hours before it turned red."""
    days = timedelta(days=5)
    late = Matter.objects.filter(
        kind="application", closed=False, paused=False, desk=Role.REVIEWER.value, red_at__lt=at
    )
    free = late.filter(changed_at__lt=F("red_at") - days).exclude(claims__until__isnull=True, claims__id__isnull=False)
    matter = free.order_by("-red_at", "id").first()
    if matter is None or matter.red_at is None:
        return
    who = next(iter(org.nearest_at(matter.desk, matter.department_id, local_day(matter.red_at - days))))
    claims.take(matter.pk, by=who, at=matter.red_at - days)
    claims.lay_back(matter.pk, by=who, at=matter.red_at - timedelta(hours=2))


def _pass_around(at: datetime) -> None:
    """Let one case go to and fro between two people for four days, in which neither does anything."""
    days, begun = timedelta(days=1), at - timedelta(days=5)
    waiting = Matter.objects.filter(
        kind="application", closed=False, paused=False, desk=Role.REVIEWER.value, changed_at__lt=begun
    )
    for matter in waiting.filter(claims__id__isnull=True).order_by("-changed_at", "id")[:20]:
        people = sorted(org.nearest_at(matter.desk, matter.department_id, local_day(begun)))
        if len(people) < 2:
            continue
        for n in range(4):
            who, taken = people[n % 2], begun + days * n
            claims.take(matter.pk, by=who, at=taken)
            claims.lay_back(matter.pk, by=who, at=taken + timedelta(hours=5))
        return


def ask(city: City, at: datetime) -> None:
    """Send some suspicions to their departments, and enter what a patrol and a department itself found."""
    office = city.actors["supervisor"]
    for row in _in_state(states.FOUND)[:ASKED]:
        actions.ask(row.matter_id, wants=WANTS, by=office, at=at)
    home = models.Finding.objects.order_by("matter_id").values_list("matter__department", flat=True).first()
    if home is None:
        return
    patrol = actions.find_by_hand(
        "patrol", home, note="上午十点到大厅暗访，窗口排队八人，两个窗口只开一个，等候四十分钟。照片三张存档。", by=office, at=at,
        key=uuid5(NAMESPACE_URL, "patrol"),
    )  # fmt: skip
    actions.ask(patrol.matter, wants="请说明窗口没有开齐的原因和整改打算。", by=office, at=at)
    actions.find_by_hand(
        "self_examination", home, note="自查发现两份补正告知书没有写明法律依据，已联系申请人补发。", by=_head(home, at), at=at,
        key=uuid5(NAMESPACE_URL, "self-examination"),
    )  # fmt: skip


def decide(city: City, at: datetime) -> None:
    """Let the departments explain, and the office decide: one is true, one is not, the others wait."""
    office = city.actors["supervisor"]
    for row, act in zip(_in_state(states.ASKED), (_true, _untrue), strict=False):
        head = _head(row.matter.department_id, at)
        actions.explain(row.matter_id, text="经核查，当时人手不足，没有及时登记，已经约谈经办人。", by=head, at=at)
        act(row.matter_id, office, at)


def _true(matter: int, office: Actor, at: datetime) -> None:
    actions.confirm(matter, opinion="事实清楚，说明的原因不能成立，限期整改。", by=office, at=at)
    row = models.Finding.objects.get(matter_id=matter)
    grounds = "监察发现认定属实，见所附发现时固定的事实。"
    carded.issue(matter, about=(row.cases or [matter])[0], rule="V-OTHER", grounds=grounds, by=office, at=at)


def _untrue(matter: int, office: Actor, at: datetime) -> None:
    actions.dismiss(matter, opinion="单位提供的记录可以证明办理正常，不成立。", by=office, at=at)


def _in_state(state: str) -> list[models.Finding]:
    rows = models.Finding.objects.filter(matter__state=state).select_related("matter")
    return list(rows.order_by("rule", "matter_id"))


def _head(department: int, at: datetime) -> Actor:
    return Actor(*next(iter(org.nearest_at("head", department, local_day(at)).items())))
