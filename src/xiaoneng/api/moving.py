"""One operation for each row of a table of moves, whatever kind of matter it moves: put up here and nowhere else.

What an action takes beside who, when and which becomes the body of its operation, so a move added to a table is open to
programs as soon as its action is written.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import Field, create_model

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.cases import MovedTold
from xiaoneng.api.schemas.words import Body, Day, Id, LongText, Moment, Number, Text
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import moved_told
from xiaoneng.api.unchanged import if_unchanged
from xiaoneng.approval.actions.accept import GROUNDS, Lack
from xiaoneng.approval.actions.deliver import WAYS
from xiaoneng.approval.actions.review import REFUSED_AS
from xiaoneng.kit import clock
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.accountability import Measure
from xiaoneng.rules.annulment import WAYS as ANNULLED_BY
from xiaoneng.rules.authority import PAPERS
from xiaoneng.rules.commitment import RESULTS
from xiaoneng.rules.deferred import EXCUSES
from xiaoneng.rules.delivery import SENT_FIRST
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.proceedings import LEGAL_RESULTS
from xiaoneng.rules.roles import Role

Action = Callable[..., Moved]


class LackAsked(Body):
    """One thing to be supplied: what, what would be right, on which basis."""

    text: Text
    standard: Text = ""
    basis: Text = "《行政许可法》第三十二条第一款第四项"
    slot: Annotated[str, Field(max_length=30, description="涉及哪一项材料；不涉及的不填")] = ""


class Asked(Body):
    """What a move asks for; its values are the action's own arguments."""

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes beside who, when and which."""
        return {name: _as_taken(getattr(self, name)) for name in type(self).model_fields}


def _as_taken(value: Any) -> Any:
    if isinstance(value, list):
        plain = [_as_taken(each) for each in value]
        return [each for each in plain if not isinstance(each, Lack) or each.text]  # what says nothing is left out
    return Lack(value.text.strip(), value.standard, value.basis, value.slot) if isinstance(value, LackAsked) else value


_Whole = Annotated[int, Field(ge=0, le=9999)]
_TYPES: dict[Any, Any] = {
    str: LongText,
    int: _Whole,
    bool: bool,
    int | None: _Whole | None,
    datetime: Moment,
    datetime | None: Moment | None,
    date: Day,
    date | None: Day | None,
    str | None: LongText | None,
    Sequence[int]: Annotated[list[Id], Field(max_length=50)],
    Sequence[str]: Annotated[list[Text], Field(max_length=50)],
    Sequence[Lack]: Annotated[list[LackAsked], Field(max_length=100)],
}
_CHOICES: dict[tuple[str, str], Any] = {
    ("not_accept", "ground"): Literal[tuple(GROUNDS)],
    ("refuse", "ground"): Literal[tuple(REFUSED_AS)],
    ("accept", "authority"): Literal["", *PAPERS],
    ("grant", "authority"): Literal["", *PAPERS],
    ("annul_decision", "way"): Literal[tuple(ANNULLED_BY)],
    ("excuse_default", "ground"): Literal[tuple(EXCUSES)],
    ("deliver", "way"): Literal[tuple(WAYS)],
    ("dispatch", "way"): Literal[SENT_FIRST],
    ("record_check", "result"): Literal[tuple(RESULTS)],
    ("record_legal_review", "result"): Literal[tuple(LEGAL_RESULTS)],
    ("decide", "measure"): Literal[tuple(each.value for each in Measure)],
}
_KNOWN = frozenset({"which", "by", "at", "key"})


def body_of(row: Move, action: Action, called: str = "Move") -> type[Asked] | None:
    """Return the body of a move's operation, the action's own arguments; nothing where one has no form in JSON yet."""
    fields: dict[str, Any] = {}
    for name, each in inspect.signature(action, eval_str=True).parameters.items():
        if name in _KNOWN:
            continue
        kind = _CHOICES.get((row.name, name)) or _TYPES.get(each.annotation)
        if kind is None:
            return None
        fields[name] = (kind, ... if each.default is inspect.Parameter.empty else each.default)
    camel = "".join(part.capitalize() for part in row.name.split("_"))
    made: type[Asked] = create_model(f"{called}{camel}", __base__=Asked, __doc__=row.label, **fields)
    return made


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matter as programs move it: where it lies, who may see one, what follows a move."""

    address: str
    visible: Callable[[str, Caller], MatterFile]
    prefix: str  # of the names of its operations
    word: str = ""  # before the name of a move
    doors: tuple[Scope, ...] = ()  # where other scopes than those of cases lead to its moves
    after: Callable[[Moved], object] = lambda moved: None


def scopes_of(row: Move) -> tuple[Scope, ...]:
    """Return which doors lead to a move: the staff's, the applicant's, or both."""
    staff = (Scope.CASES_MOVE,) if set(row.roles) - {Role.APPLICANT} else ()
    return (*staff, *((Scope.APPLICATIONS_WRITE,) if Role.APPLICANT in row.roles else ()))


def put_up(room: Room, row: Move, action: Action, body: type[Asked], kind: Kind) -> None:
    """Put up the operation of a move."""

    def make(request: HttpRequest, number: Number, asked: Asked) -> MovedTold:
        caller = caller_of(request)
        file = kind.visible(number, caller)
        given = asked.arguments()
        moved = if_unchanged(
            request, file, lambda: action(file.id, by=caller.actor, at=clock.now(), key=key_of(request), **given)
        )
        kind.after(moved)
        return moved_told(file, row.name, moved)

    make.__annotations__["asked"] = body  # each move has a body of its own
    make.__doc__ = f"{row.label}：由{'或'.join(role.label for role in row.roles)}办理。依据{row.basis}。"
    declare = room.changes(
        f"{kind.address}/{{number}}/moves/{row.name}", MovedTold, door=Bearer(*(kind.doors or scopes_of(row))),
        summary=f"{kind.word}{row.label}", operation_id=f"{kind.prefix}_{row.name}", guarded=True,
    )  # fmt: skip
    declare(make)
