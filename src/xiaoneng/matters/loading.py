"""One matter with everything that a move needs, in one statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from xiaoneng.catalogue.reads import Plan, plan
from xiaoneng.kit import asking
from xiaoneng.matters import models
from xiaoneng.matters.clocks import ClockState, Rules, from_facts, in_order
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Held
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.procedures import Procedure, all_procedures
from xiaoneng.rules.units import Warned

Ask = Callable[[str], Any]
PROCEDURES = all_procedures()
NO_SUCH_MATTER = "没有找到这个办件。请核对编号；编号在收件凭证或者受理通知书的右上角。"


@dataclass(frozen=True, slots=True)
class Replay:
    """What an earlier request with the same key did."""

    matter: int
    move: str
    actor: int
    seq: int
    recorded_at: datetime
    numbers: dict[str, Any]
    hash: bytes
    state: str


class Beside(dict[str, Any]):
    """What rooms above keep beside a matter: what came along with it, and the rest, each asked for when it is looked at."""

    def __init__(self, came: Mapping[str, Any] = MappingProxyType({}), ask: Ask | None = None) -> None:
        super().__init__(came)
        self._ask = ask

    def __missing__(self, name: str) -> Any:
        if self._ask is None:
            raise KeyError(name)
        self[name] = self._ask(name)
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return what is kept under a name, or the default where this kind of matter keeps no such thing."""
        try:
            return self[name]
        except KeyError:
            return default


@dataclass(frozen=True, slots=True)
class MatterFile:
    """A matter with its clocks, as a move needs it; read in one query."""

    id: int
    kind: str
    department: int
    department_name: str
    department_sign: str
    region_sign: str
    region_name: str
    title: str
    opened_by: int
    opened_at: datetime
    item_version: int | None
    state: str
    version: int
    head: bytes
    intake_number: str | None
    number: str | None
    step: int
    step_name: str
    desk: str
    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    late: bool
    closed: bool
    changed_at: datetime | None
    rules: Rules
    clocks: tuple[ClockState, ...]
    actors: dict[str, tuple[int, ...]]
    replay: Replay | None
    held_by: int
    held: tuple[Held, ...]
    warnings: tuple[Warned, ...] = ()
    filed_version: int | None = None  # that of the first entry; acceptance may rest on a later one
    extra: Beside = field(default_factory=Beside)

    @property
    def procedure(self) -> Procedure:
        """Return the procedure that this matter follows."""
        return PROCEDURES[self.kind]

    @property
    def plan(self) -> Plan:
        """Return the plan of the item version that this matter is pinned to.

        :raises NotFound: the matter has no item.
        """
        if self.item_version is None:
            raise NotFound("这个办件没有事项。")
        return plan(self.item_version)

    @property
    def called(self) -> str:
        """Return the number that people call this matter by."""
        return self.number or self.intake_number or "（草稿）"

    def clock(self, name: str) -> ClockState | None:
        """Return the latest round of a clock, or None."""
        rounds = [clock for clock in self.clocks if clock.name == name]
        return max(rounds, key=lambda clock: clock.round, default=None)

    def light(self, now: datetime) -> Light:
        """Tell the matter's light at a moment."""
        return light_at(self.yellow_at, self.red_at, self.paused, now)


_PLAIN = tuple(each.name for each in fields(MatterFile))[:25]
_FILE = """
SELECT m.id, m.kind, m.department_id, d.name, d.sign, r.sign, r.name, m.title, m.opened_by, m.opened_at, m.item_version_id,
  m.state, m.version, m.head, m.intake_number, m.number, m.step, m.step_name, m.desk, m.yellow_at, m.red_at, m.paused,
  m.late, m.closed, m.changed_at, r.calendar_id, c.version, r.office_hours,
  m.clocks::text,
  (SELECT string_agg(concat_ws(' ', e.move, e.actor, e.seq, e.item_version_id), ',') FROM entry e WHERE e.matter_id = m.id),
  {replay}, {roles}, (SELECT count(*) || ' ' || max(id) FROM matters_warningrule) {columns}
FROM matter m JOIN org_department d ON d.id = m.department_id JOIN org_region r ON r.id = d.region_id
JOIN org_calendar c ON c.id = r.calendar_id {joins}
WHERE m.id = {one}"""

_REPLAY = """(SELECT json_build_array(e.matter_id, e.move, e.actor, e.seq, e.recorded_at, e.numbers, encode(e.hash, 'hex'),
  e.facts ->> 'to') FROM entry e WHERE e.key = %s)"""


def file(
    which: int | str, key: UUID | None = None, *, by: int = 0, on: date | None = None,
    columns: Mapping[str, str] | None = None, later: Mapping[str, str] | None = None, joins: str = "",
) -> MatterFile:  # fmt: skip
    """Return one matter, by id or by either of its numbers, with everything a move needs, in one query.

    :param by: the account whose roles for this matter to bring along, as of the day `on`.
    :param columns: further SQL expressions by name, for rooms above that keep something beside the matter.
    :param later: expressions that are asked for when somebody looks at what they name, and not before.
    :raises NotFound: there is no such matter.
    """
    columns = columns or {}
    one, values = which_one(which)
    statement = _statement(one, key is not None, bool(by), tuple(columns.values()), joins)
    row = asking.first(statement, [*((key,) if key else ()), *((by, on) if by else ()), *values])
    if row is None:
        raise NotFound(NO_SUCH_MATTER)
    return _file_of(row, list(columns), partial(_one_more, row[0], later or {}, joins), by, on)


def _one_more(matter: int, later: Mapping[str, str], joins: str, name: str) -> Any:
    return asking.only(f"SELECT {later[name]} FROM matter m {joins} WHERE m.id = %s", [matter])[0]


# Not `number = … OR intake_number = …`: that would be planned anew each time.
_BY_NUMBER = (
    "(SELECT id FROM matter WHERE number = %s UNION ALL SELECT id FROM matter WHERE intake_number = %s LIMIT 1)"
)


def which_one(which: int | str) -> tuple[str, list[Any]]:
    """Return the SQL that stands for a matter's id, given the id or either of its numbers, with its values."""
    return ("%s", [which]) if isinstance(which, int) else (_BY_NUMBER, [which, which])


@cache
def _statement(one: str, repeatable: bool, roles: bool, columns: tuple[str, ...], joins: str) -> str:
    more = "".join(f", {expression}" for expression in columns)
    earlier = _REPLAY if repeatable else "NULL"
    held = org.HOLDINGS_FOR_D if roles else "NULL"
    return _FILE.format(replay=earlier, roles=held, columns=more, joins=joins, one=one)


def _file_of(row: tuple[Any, ...], names: list[str], ask: Ask, by: int, on: date | None) -> MatterFile:
    calendar_id, calendar_version, hours, clocks, acted, earlier, holdings, warned = row[25:33]
    columns: dict[str, Any] = dict(zip(_PLAIN, row[:25], strict=True))
    actors, filed_version = _acted(acted or "")
    return MatterFile(
        **columns | {"head": bytes(columns["head"])},
        rules=Rules(org.calendar(calendar_id, calendar_version), org.office_hours(hours)),
        clocks=in_order(from_facts(each) for each in as_json(clocks).values()),
        actors=actors,
        replay=_replay(as_json(earlier)),
        held_by=by,
        held=org.held_for(by, columns["department"], on, as_json(holdings)) if on else (),
        warnings=_warned(warned, columns["kind"], columns["item_version"]) if warned else (),
        filed_version=filed_version,
        extra=Beside(dict(zip(names, row[33:], strict=True)), ask),
    )


def as_json(value: Any) -> Any:
    """Return a json column of a raw query as Python values."""
    # Django leaves json columns of raw queries as text.
    return orjson.loads(value) if isinstance(value, str) else value


def _warned(known: str, kind: str, version: int | None) -> tuple[Warned, ...]:
    item = plan(version).item_id if version else None
    found = _warning_rules(connection.settings_dict["NAME"], known)
    return tuple(
        rule for kinds, of, rule in found if (of is None and kinds in ("", kind)) or (of is not None and of == item)
    )


@lru_cache(maxsize=8)
def _warning_rules(database: str, known: str) -> tuple[tuple[str, int | None, Warned], ...]:
    # Rules are added and never changed, so how many there are and which is the last tells them all.
    return tuple(
        (row.kind, row.item_id, Warned(2 if row.item_id else 1 if row.kind else 0, row.since, row.pk, row.percent, row.least))
        for row in models.WarningRule.objects.all()
    )  # fmt: skip


def _acted(entries: str) -> tuple[dict[str, tuple[int, ...]], int | None]:
    """Read who made which move, and the item version of the first."""
    acted: dict[str, tuple[int, ...]] = {}
    filed: int | None = None
    for each in filter(None, entries.split(",")):
        move, actor, seq, *version = each.split(" ")
        acted[move] = (*acted.get(move, ()), int(actor))
        if seq == "1" and version:
            filed = int(version[0])
    return acted, filed


def _replay(row: list[Any] | None) -> Replay | None:
    if row is None:
        return None
    matter, move, actor, seq, recorded_at, numbers, digest, state = row
    recorded = datetime.fromisoformat(recorded_at)
    return Replay(matter, move, actor, seq, recorded, as_json(numbers), bytes.fromhex(digest), state)
