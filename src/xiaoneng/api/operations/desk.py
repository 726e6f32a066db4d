"""The desk for programs: who sees to a case, handing cases on, the same move on many cases, lists that somebody saved."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid5

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.cases import Words, visible
from xiaoneng.api.operations.moves import actions_by_move
from xiaoneng.api.problems import told
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import LARGEST, Answer, Body, Id, LongText, Number, ObstacleTold
from xiaoneng.api.scopes import Scope
from xiaoneng.approval.actions import claims
from xiaoneng.approval.joint import following
from xiaoneng.kit import clock
from xiaoneng.people import actions as people
from xiaoneng.people import reads as logins
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.procedures.application import PROCEDURE

room = Room(tags=["工作台"])
READ, MOVE = Bearer(Scope.CASES_READ), Bearer(Scope.CASES_MOVE)
MOST = 50


class ClaimTold(Answer):
    """Who sees to a case."""

    number: str
    claimed_by: str = Field(description="领办人；没有人领办就是空的")


class PassAsked(Body):
    """Which of one's own cases go to whom, and what the successor should know."""

    cases: Annotated[list[Number], Field(min_length=1, max_length=200)]
    receiver: Annotated[
        str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9._-]+$", description="接手人的登录名")
    ]
    note: Annotated[str, Field(min_length=1, max_length=claims.LONGEST_NOTE)]


class Stayed(Answer):
    """A case that stayed, and why."""

    number: str
    why: str


class PassedTold(Answer):
    """What went over, and what stayed."""

    went: list[str]
    stayed: list[Stayed]


class ManyAsked(Body):
    """The cases, at most fifty."""

    cases: Annotated[list[Number], Field(min_length=1, max_length=MOST)]


class ManySigned(ManyAsked):
    """The cases, and the opinion that holds for all of them."""

    opinion: Annotated[LongText, Field(min_length=1)]


# Only what needs no facts of the single case: who wants to refuse, ask or pause has to look at each one.
SAME_FOR_ALL: dict[str, type[ManyAsked]] = {"accept": ManyAsked, "review": ManySigned, "grant": ManySigned}


class Made(Answer):
    """What became of one case."""

    number: str
    done: bool
    state_label: str = ""
    documents: list[str] = Field(default=[], description="发出的文书编号")
    detail: str = Field(default="", description="没有办成的，为什么")
    obstacles: list[ObstacleTold] = []


class ManyTold(Answer):
    """What became of each case, in the order asked; one that cannot be done does not stop the others."""

    rows: list[Made]
    done: int
    failed: int


class ViewAsked(Body):
    """A list under a name: all within reach or what waits for oneself, and what of it."""

    name: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
    view: Literal["mine", "all"] = "mine"
    light: Literal["", "red", "yellow", "green", "paused"] = ""
    whose: Annotated[Literal["", "mine", "free"], Field(description="mine：我领办的；free：还没人领办")] = ""
    step: Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    item: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    q: Words = ""


class ViewTold(Answer):
    """A saved list."""

    id: int
    name: str
    view: str
    filters: dict[str, str]


# --- who sees to it ---------------------------------------------------------------------------------------------------
@room.sets("PUT", "/cases/{number}/claim", ClaimTold, door=MOVE, summary="领办")
def claim_case(request: HttpRequest, number: Number) -> ClaimTold:
    """Take a case upon oneself; who has it already keeps it."""
    caller = caller_of(request)
    file = visible(number, caller)
    claims.take(file.id, by=caller.account, at=clock.now())
    return ClaimTold(number=file.called, claimed_by=caller.name)


@room.sets("DELETE", "/cases/{number}/claim", ClaimTold, door=MOVE, summary="放回")
def lay_back_case(request: HttpRequest, number: Number) -> ClaimTold:
    """Give a case back to everybody at its desk."""
    caller = caller_of(request)
    file = visible(number, caller)
    claims.lay_back(file.id, by=caller.account, at=clock.now())
    return ClaimTold(number=file.called, claimed_by="")


@room.changes("/cases/hand-over", PassedTold, door=MOVE, summary="转交自己领办的件")
def hand_over_cases(request: HttpRequest, asked: PassAsked) -> PassedTold:
    """Hand one's own cases on to a colleague; what she may not take stays, with the reason."""
    caller = caller_of(request)
    receiver = logins.account_named(asked.receiver)
    if receiver is None:
        raise NotFound(f"没有登录名为“{asked.receiver}”的在用账号。请核对接手人。")
    wanted = {visible(number, caller).id for number in asked.cases}
    passed = claims.hand_over(
        wanted, giver=caller.account, receiver=receiver, note=asked.note, by=caller.account, at=clock.now()
    )
    return PassedTold(
        went=[line.called for line in passed.went],
        stayed=[Stayed(number=line.called, why=why) for line, why in passed.stayed],
    )


# --- many at once -----------------------------------------------------------------------------------------------------
def _put_up(name: str, body: type[ManyAsked]) -> None:
    row = PROCEDURE.move(name)

    def make(request: HttpRequest, asked: ManyAsked) -> ManyTold:
        given = asked.model_dump(exclude={"cases"})
        numbers = list(dict.fromkeys(number.upper() for number in asked.cases))
        made = [_made(number, name, given, caller_of(request), key_of(request)) for number in numbers]
        done = sum(each.done for each in made)
        return ManyTold(rows=made, done=done, failed=len(made) - done)

    make.__annotations__["asked"] = body
    make.__doc__ = f"对多件{row.label}：每一件各自按规则办理，各有各的结果。"
    put_up = room.changes(
        f"/cases/moves/{name}", ManyTold, door=MOVE, summary=f"批量{row.label}", operation_id=f"move_many_{name}"
    )
    put_up(make)


def _made(number: str, name: str, given: dict[str, Any], caller: Caller, key: UUID) -> Made:
    try:
        file = visible(number, caller)
        # Each case has a key of its own, so that a request sent again answers for each as the first time.
        own = {**given, "step": file.step} if name == "review" else given
        moved = actions_by_move()[name](file.id, by=caller.actor, at=clock.now(), key=uuid5(key, file.called), **own)
        following.follow_on(moved, clock.now())
    except Obstructed as refusal:
        obstacles = [ObstacleTold(**told(each)) for each in refusal.obstacles]
        return Made(number=number, done=False, detail=str(refusal), obstacles=obstacles)
    except (NotAllowed, NotFound) as refusal:
        return Made(number=number, done=False, detail=str(refusal))
    label = file.procedure.state(moved.state).label
    return Made(number=number, done=True, state_label=label, documents=list(moved.numbers.get("documents", [])))


for _name, _body in SAME_FOR_ALL.items():
    _put_up(_name, _body)


# --- lists that somebody saved ----------------------------------------------------------------------------------------
_PLACES = {"mine": "desk", "all": "all"}


@room.reads("/views", list[ViewTold], door=READ, summary="常用列表")
def list_views(request: HttpRequest) -> list[ViewTold]:
    """List the worklists that the caller saved."""
    return [_view(each) for each in logins.saved_views(caller_of(request).account)]


def _view(each: logins.View) -> ViewTold:
    place, _, query = each.filters.partition("?")
    return ViewTold(
        id=each.id, name=each.name, view="all" if place == "all" else "mine", filters=dict(parse_qsl(query))
    )


@room.changes("/views", ViewTold, door=READ, summary="存常用列表", status=201)
def save_view(request: HttpRequest, asked: ViewAsked) -> ViewTold:
    """Keep a worklist under a name; the same name again takes the place of the old one."""
    caller, name = caller_of(request), " ".join(asked.name.split())
    order = ("light", "whose", "step", "item", "department", "q")  # one fixed order, as on the page
    pairs = {each: getattr(asked, each) for each in order if getattr(asked, each)}
    people.save_view(caller.account, name=name, filters=f"{_PLACES[asked.view]}?{urlencode(pairs)}", at=clock.now())
    return next(_view(each) for each in logins.saved_views(caller.account) if each.name == name)


@room.sets("DELETE", "/views/{id}", None, door=READ, summary="删除常用列表")
def forget_view(request: HttpRequest, id: Id) -> None:
    """Remove a saved worklist; the cases on it stay where they are."""
    people.forget_view(caller_of(request).account, id)
