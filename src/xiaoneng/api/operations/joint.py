"""Joint cases for programs: the themes, the whole with its branches, and one operation for each move of the whole."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import PUBLIC, Bearer, Caller, caller_of
from xiaoneng.api.moving import Action, Kind, body_of, put_up
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import Answer, Number
from xiaoneng.api.scopes import Scope
from xiaoneng.approval.joint import accepting, annulment, filing, reads, themes, together
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.procedures.joint import PROCEDURE
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

room = Room(tags=["并联审批"])
READ = Bearer(Scope.CASES_READ, Scope.APPLICATIONS_READ)
# A draft has no number yet, so it is submitted where it lies.
ELSEWHERE = frozenset({"submit"})
_ROOMS = (accepting, annulment, filing, together)


class ThemeItemTold(Answer):
    """An item of a theme."""

    position: int
    code: str
    name: str
    department: str
    condition: str
    after: list[int]


class ThemeTold(Answer):
    """A theme: what people want done, with the items that it takes."""

    code: str
    name: str
    summary: str
    lead: str
    days: int
    stage: int | None
    items: list[ThemeItemTold]


class BranchTold(Answer):
    """A branch of a joint case."""

    position: int
    item: str
    name: str
    department: str
    after: list[int]
    outcome: str
    outcome_label: str
    number: str
    light: str
    promised_due: date | None


class JointTold(Answer):
    """A joint case whole: the worst of its lights, its day, its branches."""

    number: str
    version: int = Field(description="写在 If-Match 里，别人先办了就不会覆盖")
    title: str
    theme: str
    lead: str
    state: str
    state_label: str
    light: str
    whole_due: date | None
    branches: list[BranchTold]


@room.reads("/themes", list[ThemeTold], door=PUBLIC, summary="一件事目录")
def list_themes(request: HttpRequest) -> list[ThemeTold]:
    """Tell the themes that are open, with their items and what comes before what."""
    return [
        ThemeTold(
            code=each.code, name=each.name, summary=each.summary, lead=each.lead_name, days=each.days, stage=each.stage,
            items=[
                ThemeItemTold(
                    position=item.position, code=item.code, name=item.name, department=item.department,
                    condition=item.condition, after=list(item.after),
                )
                for item in each.items
            ],
        )
        for each in themes.themes(clock.now())
    ]  # fmt: skip


def visible(number: str, caller: Caller) -> MatterFile:
    """Return a joint case that the caller may see.

    :raises NotFound: there is none, or it is beyond the caller's reach; the answer does not say which.
    """
    file = reads.load(number.upper())
    if file.version == 0:
        raise NotFound(reads.NO_SUCH_JOINT)
    if not reads.visible_to_applicant(caller.account).filter(pk=file.id).exists():
        reads.require_visible(file, caller.account, local_day(caller.now))
    return file


@room.reads("/joint/{number}", JointTold, door=READ, summary="并联件全貌")
def joint_case(request: HttpRequest, number: Number) -> JointTold:
    """Tell a joint case with every branch, its light and its promised day."""
    caller = caller_of(request)
    return joint_told(visible(number, caller), caller)


def joint_told(file: MatterFile, caller: Caller) -> JointTold:
    """Return a joint case as it stands."""
    lines = reads.branches(file.id)
    dues = matters.dues_of([line.matter for line in lines if line.matter])
    whole = file.clock(ClockName.JOINT)
    return JointTold(
        number=file.called, version=file.version, title=file.title, theme=reads.about(file.id).theme_code,
        lead=file.department_name,
        state=file.state, state_label=file.procedure.state(file.state).label,
        light="done" if file.closed else reads.light(file, lines, caller.now).value, whole_due=whole.due_on if whole else None,
        branches=[_branch(line, dues.get(line.matter or 0, {}), caller) for line in lines],
    )  # fmt: skip


def _branch(line: reads.BranchLine, due: dict[str, Any], caller: Caller) -> BranchTold:
    open_ = line.now.value == "open"
    return BranchTold(
        position=line.position, item=line.plan.code, name=line.plan.name, department=line.plan.department,
        after=list(line.after), outcome=line.now.value, outcome_label=line.now.label, number=line.number,
        light=line.light(caller.now).value if open_ else "", promised_due=due.get(ClockName.PROMISED),
    )  # fmt: skip


def open_to_people() -> dict[str, Action]:
    """Return the actions of those moves of the whole that a person may make, by the table's names."""
    rows = [row for row in PROCEDURE.moves if row.roles != (Role.PLATFORM,) and row.name not in ELSEWHERE]
    return {row.name: next(getattr(each, row.name) for each in _ROOMS if hasattr(each, row.name)) for row in rows}


_KIND = Kind("/joint", visible, "joint_move", "并联件：")
for _name, _action in open_to_people().items():
    _body = body_of(PROCEDURE.move(_name), _action, "JointMove")
    assert _body is not None, f"{_name} has an argument without a form in JSON"
    put_up(room, PROCEDURE.move(_name), _action, _body, _KIND)
