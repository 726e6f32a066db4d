"""Questions about matters; hands out frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet

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
    extra: dict[str, Any] = field(default_factory=dict)

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
  (SELECT string_agg(e.move || ' ' || e.actor, ',') FROM entry e WHERE e.matter_id = m.id),
  (SELECT row_to_json(w) FROM (SELECT e.matter_id, e.move, e.actor, e.seq, e.recorded_at, e.numbers,
     encode(e.hash, 'hex') AS hash, e.facts ->> 'to' AS state FROM entry e WHERE e.key = %s) w),
  {roles},
  (SELECT json_agg(json_build_array(CASE WHEN w.item_id IS NOT NULL THEN 2 WHEN w.kind <> '' THEN 1 ELSE 0 END, w.since, w.id,
     w.percent, w.least)) FROM matters_warningrule w
   WHERE w.item_id IS NULL AND w.kind IN ('', m.kind)
      OR w.item_id = (SELECT v.item_id FROM catalogue_itemversion v WHERE v.id = m.item_version_id))
  {columns}
FROM matter m JOIN org_department d ON d.id = m.department_id JOIN org_region r ON r.id = d.region_id
JOIN org_calendar c ON c.id = r.calendar_id {joins}
WHERE m.id = {one}"""


def file(
    which: int | str, key: UUID | None = None, *, by: int = 0, on: date | None = None,
    columns: dict[str, str] | None = None, joins: str = "",
) -> MatterFile:  # fmt: skip
    """Return one matter, by id or by either of its numbers, with everything a move needs, in one query.

    :param by: the account whose roles for this matter to bring along, as of the day `on`.
    :param columns: further SQL expressions by name, for rooms above that keep something beside the matter.
    :raises NotFound: there is no such matter.
    """
    columns = columns or {}
    one, values = which_one(which)
    statement = _statement(one, bool(by), tuple(columns.values()), joins)
    row = asking.first(statement, [key, *((by, on) if by else ()), *values])
    if row is None:
        raise NotFound(NO_SUCH_MATTER)
    return _file_of(row, list(columns), by)


# Not `number = … OR intake_number = …`: that would be planned anew each time.
_BY_NUMBER = (
    "(SELECT id FROM matter WHERE number = %s UNION ALL SELECT id FROM matter WHERE intake_number = %s LIMIT 1)"
)


def which_one(which: int | str) -> tuple[str, list[Any]]:
    """Return the SQL that stands for a matter's id, given the id or either of its numbers, with its values."""
    return ("%s", [which]) if isinstance(which, int) else (_BY_NUMBER, [which, which])


@cache
def _statement(one: str, roles: bool, columns: tuple[str, ...], joins: str) -> str:
    more = "".join(f", {expression}" for expression in columns)
    held = org.ROLES_FOR_D if roles else "NULL"
    return _FILE.format(roles=held, columns=more, joins=joins, one=one)


def _file_of(row: tuple[Any, ...], extra: list[str], by: int) -> MatterFile:
    calendar_id, calendar_version, hours, clocks, actors, replay, held, warnings = row[25:33]
    columns: dict[str, Any] = dict(zip(_PLAIN, row[:25], strict=True))
    return MatterFile(
        **columns | {"head": bytes(columns["head"])},
        rules=Rules(org.calendar(calendar_id, calendar_version), org.office_hours(hours)),
        clocks=in_order(from_facts(each) for each in as_json(clocks).values()),
        actors=_by_move(actors or ""),
        replay=_replay(as_json(replay)),
        held_by=by,
        held=org.held_of(held),
        warnings=_warnings(as_json(warnings)),
        extra=dict(zip(extra, row[33:], strict=True)),
    )


def as_json(value: Any) -> Any:
    """Return a json column of a raw query as Python values."""
    # Django leaves json columns of raw queries as text.
    return orjson.loads(value) if isinstance(value, str) else value


def _warnings(rows: list[list[Any]] | None) -> tuple[Warned, ...]:
    return tuple(Warned(scope, date.fromisoformat(since), *rest) for scope, since, *rest in rows or ())


def _by_move(entries: str) -> dict[str, tuple[int, ...]]:
    acted: dict[str, tuple[int, ...]] = {}
    for each in filter(None, entries.split(",")):
        move, actor = each.split(" ")
        acted[move] = (*acted.get(move, ()), int(actor))
    return acted


def _replay(row: dict[str, Any] | None) -> Replay | None:
    if row is None:
        return None
    return Replay(
        row["matter_id"],
        row["move"],
        row["actor"],
        row["seq"],
        datetime.fromisoformat(row["recorded_at"]),
        as_json(row["numbers"]),
        bytes.fromhex(row["hash"]),
        row["state"],
    )


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of a journal as a page shows it."""

    seq: int
    move: str
    label: str
    actor: int
    role: str
    authority: str
    at: datetime
    claimed_at: datetime | None
    recorded_at: datetime
    facts: dict[str, Any]
    hash: str


def journal(matter: int) -> tuple[EntryLine, ...]:
    """Return a matter's journal, newest first."""
    rows = models.Entry.objects.filter(matter_id=matter).select_related("matter").order_by("-seq")
    return tuple(
        EntryLine(
            row.seq,
            row.move,
            PROCEDURES[row.matter.kind].move(row.move).label,
            row.actor,
            row.role,
            row.authority,
            row.at,
            row.claimed_at,
            row.recorded_at,
            row.facts,
            bytes(row.hash).hex(),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """An issued document as a list shows it."""

    id: int
    matter: int
    seq: int
    kind: str
    title: str
    number: str
    verify_code: str
    issued_at: datetime
    sha256: str


def documents(matter: int) -> tuple[DocumentLine, ...]:
    """Return the documents issued in a matter, in order."""
    rows = models.Document.objects.filter(matter_id=matter).order_by("id")
    return tuple(_document_line(row) for row in rows.select_related("file"))


def document_by_code(code: str) -> DocumentLine:
    """Return the document of a verification code.

    :raises NotFound: there is none.
    """
    row = models.Document.objects.filter(verify_code=code).select_related("file").first()
    if row is None:
        raise NotFound("没有核验码为这个的文书。请对照文书下方的 12 位核验码重新输入。")
    return _document_line(row)


def _document_line(row: models.Document) -> DocumentLine:
    made = getattr(row, "file", None)
    return DocumentLine(
        row.pk, row.matter_id, row.seq, row.kind, row.title, row.number, row.verify_code, row.issued_at,
        made.sha256 if made else "",
    )  # fmt: skip


def entry_at(matter: int, seq: int) -> EntryLine:
    """Return one line of a journal."""
    return next(line for line in journal(matter) if line.seq == seq)


@dataclass(frozen=True, slots=True)
class File:
    """A file handed in for a matter."""

    id: int
    slot: str
    name: str
    kind: str
    size: int
    sha256: str
    uploaded_at: datetime
    round: int


def attachments(matter: int) -> tuple[File, ...]:
    """Return the files handed in for a matter, in order."""
    rows = models.Attachment.objects.filter(matter_id=matter).order_by("id")
    return tuple(
        File(row.pk, row.slot, row.name, row.kind, row.size, row.sha256, row.uploaded_at, row.round) for row in rows
    )


def open_matters() -> QuerySet[models.Matter]:
    """Return the matters that have begun and not ended."""
    return models.Matter.objects.filter(version__gt=0, closed=False)


def having_light(light: Light, now: datetime) -> Q:
    """Return the condition under which an open matter shows a light: rules.limits.light_at as a query."""
    red = Q(red_at__lt=now)
    yellow = Q(yellow_at__lte=now)
    unlit = Q(red_at__isnull=True) | Q(red_at__gte=now)
    return {
        Light.RED: red,
        Light.PAUSED: unlit & Q(paused=True),
        Light.YELLOW: unlit & Q(paused=False) & yellow,
        Light.GREEN: unlit & Q(paused=False) & (Q(yellow_at__isnull=True) | Q(yellow_at__gt=now)),
    }[light]


def installation() -> str:
    """Return what this installation declares itself: production, demo, test or bench; empty before it did."""
    return models.Installation.objects.values_list("kind", flat=True).first() or ""


def dues_of(ids: Iterable[int]) -> dict[int, dict[str, date | None]]:
    """Return the due day of the latest round of each clock of several matters."""
    rows = models.Clock.objects.filter(matter_id__in=list(ids)).order_by("round")
    dues: dict[int, dict[str, date | None]] = {}
    for matter, name, due_on in rows.values_list("matter_id", "name", "due_on"):
        dues.setdefault(matter, {})[name] = due_on
    return dues


def due_in_or_after(calendar: int, day: date) -> int:
    """Count the open matters of a calendar that have a clock running to a day or beyond."""
    running = models.Clock.objects.filter(due_on__gte=day).exclude(state="stopped").values("matter_id")
    return open_matters().filter(department__region__calendar_id=calendar, pk__in=running).count()
