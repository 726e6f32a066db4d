"""Questions of those who work through many applications: what waits for me, what turns red first, who sees to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)

from xiaoneng.approval import models, reads
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.org.reads import Reach
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.workdays import local_day, start_of_day

DONE = "done"
LIGHTS = (*(each.value for each in (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)), DONE)
MINE, FREE = "mine", "free"
FACETS = ("light", "step", "department", "item", "whose")
GROUPS = ("red", "today", "tomorrow", "after", "later", "waiting", "paused", DONE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worklist shall hold: my desk or everything within my reach, and the filters upon it."""

    everything: bool = False
    light: str = ""
    step: str = ""
    department: int = 0
    item: int = 0
    whose: str = ""
    words: str = ""

    def without(self, facet: str) -> Wanted:
        """Return the same list with one filter lifted."""
        return replace(self, **{facet: type(getattr(self, facet))()})


@dataclass(frozen=True, slots=True)
class Line:
    """An application as a worklist shows it."""

    id: int
    called: str
    title: str
    applicant: str
    department: int
    department_name: str
    state: str
    step: int
    step_name: str
    desk: str
    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    late: bool
    closed: bool
    claimed_by: int | None
    claimed_by_name: str

    def light(self, now: datetime) -> Light:
        """Tell the application's light at a moment."""
        return light_at(self.yellow_at, self.red_at, self.paused, now)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter with the number of applications that it would leave."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a worklist whose rows an index has in their order, and how many they are."""

    rows: QuerySet[Matter] = field(repr=False)
    n: int


@dataclass(frozen=True, slots=True)
class Worklist:
    """The applications that fit, those that turn red first on top, and how to narrow them down further."""

    parts: tuple[Part, ...] = field(repr=False)
    choices: dict[str, tuple[Choice, ...]]
    groups: dict[str, int]
    total: int

    def page(self, first: int, size: int) -> tuple[Line, ...]:
        """Return some of its lines."""
        # First which ones, in order, from the narrow table alone; then what is shown of those few.
        ids: list[int] = []
        for part in self.parts:
            if part.n > first and len(ids) < size:
                ids += part.rows.values_list("id", flat=True)[first : first + size - len(ids)]
            first = max(0, first - part.n)
        found = {line.id: line for line in _lines(_with_claims(Matter.objects.filter(pk__in=ids)))}
        return tuple(found[pk] for pk in ids)


def worklist(account: int, wanted: Wanted, *, now: datetime) -> Worklist:
    """Return what a person asked to see, with the counts of every filter."""
    base = _base(account, wanted, now)
    limits = _limits(account, wanted, now)
    choices = _choices(_counted(base, account, now), wanted)
    groups = {each.key: each.count for each in choices.pop("group")}
    return Worklist(_parts(base.filter(_all(limits)), groups, now), choices, groups, sum(groups.values()))


def in_order(account: int, wanted: Wanted, *, now: datetime) -> list[int]:
    """Return the ids of the applications of a worklist in its order."""
    rows = _base(account, wanted, now).filter(_all(_limits(account, wanted, now)))
    return list(_ordered(rows, now).values_list("id", flat=True))


def lines(account: int, numbers: Iterable[str], *, now: datetime) -> tuple[Line, ...]:
    """Return the applications of these numbers that a person may see, what turns red first on top."""
    wanted = list(numbers)
    rows = _with_claims(reads.visible_to_staff(account, local_day(now)))
    return _lines(_ordered(rows.filter(Q(number__in=wanted) | Q(intake_number__in=wanted)), now))


def line(matter: int) -> Line | None:
    """Return one application as a worklist shows it."""
    found = _lines(_with_claims(Matter.objects.filter(pk=matter)))
    return found[0] if found else None


def _base(account: int, wanted: Wanted, now: datetime) -> QuerySet[Matter]:
    today = local_day(now)
    if wanted.words:
        rows = reads.visible_to_staff(account, today).filter(_fitting(wanted.words))
    elif wanted.everything:
        rows = reads.visible_to_staff(account, today).filter(closed=False, version__gt=0)
    else:
        rows = reads.awaiting(account, today)
    return _with_claims(rows)


def _fitting(words: str) -> Q:
    number = words.upper().replace("-", "").replace(" ", "")
    by_name = Q(title__icontains=words) | Q(application__applicant_name__icontains=words)
    return Q(number__endswith=number) | Q(intake_number__endswith=number) | by_name if number else by_name


def _with_claims(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    standing = Q(claims__until__isnull=True, claims__desk=F("desk"))
    return rows.annotate(claim=FilteredRelation("claims", condition=standing))


def _limits(account: int, wanted: Wanted, now: datetime) -> dict[str, Q]:
    limits: dict[str, Q] = {}
    if wanted.light:
        limits["light"] = _lit(wanted.light, now)
    if wanted.step:
        limits["step"] = Q(step_name=wanted.step)
    if wanted.department:
        limits["department"] = Q(department_id=wanted.department)
    if wanted.item:
        limits["item"] = Q(item_version__item_id=wanted.item)
    if wanted.whose:
        limits["whose"] = Q(claim__account_id=account) if wanted.whose == MINE else Q(claim__id__isnull=True)
    return limits


def _lit(light: str, now: datetime) -> Q:
    return Q(closed=True) if light == DONE else matters.having_light(Light(light), now) & Q(closed=False)


def _all(limits: dict[str, Q]) -> Q:
    together = Q()
    for limit in limits.values():
        together &= limit
    return together


def _ordered(rows: QuerySet[Matter], now: datetime) -> QuerySet[Matter]:
    # A red light stays red through a pause, so it stands on top; what is held by a pause stands below what runs.
    place = Case(
        When(closed=True, then=Value(3)), When(red_at__lt=now, then=Value(0)), When(paused=True, then=Value(2)),
        default=Value(1), output_field=IntegerField(),
    )  # fmt: skip
    return rows.order_by(place, F("closed").asc(), F("red_at").asc(nulls_last=True), "id")


def _parts(rows: QuerySet[Matter], groups: dict[str, int], now: datetime) -> tuple[Part, ...]:
    """Cut a list where its order changes: the parts one after the other stand as _ordered() has them."""
    ordered = rows.order_by(F("red_at").asc(nulls_last=True), "id")
    not_red = Q(red_at__isnull=True) | Q(red_at__gte=now)
    cut = (
        (Q(closed=False, red_at__lt=now), ("red",)),
        (Q(closed=False, red_at__gte=now, paused=False), ("today", "tomorrow", "after", "later")),
        (Q(closed=False, red_at__isnull=True, paused=False), ("waiting",)),
        (Q(not_red, closed=False, paused=True), ("paused",)),
        (Q(closed=True), (DONE,)),
    )
    return tuple(Part(ordered.filter(where), sum(groups.get(name, 0) for name in names)) for where, names in cut)


def group_of(line: Line, now: datetime) -> str:
    """Tell under which heading of a worklist an application stands."""
    light = line.light(now)
    if line.closed:
        return DONE
    if light in (Light.RED, Light.PAUSED):
        return light.value
    if line.red_at is None:
        return "waiting"
    days = (local_day(line.red_at) - local_day(now)).days
    return ("today", "tomorrow", "after")[days] if days < 3 else "later"


def _grouped(now: datetime) -> Case:
    """Say the same as a query."""
    ends = [start_of_day(local_day(now) + timedelta(days=n)) for n in (1, 2, 3)]
    named = zip(ends, ("today", "tomorrow", "after"), strict=True)
    return Case(
        When(closed=True, then=Value(DONE)), When(red_at__lt=now, then=Value("red")), When(paused=True, then=Value("paused")),
        When(red_at__isnull=True, then=Value("waiting")), *(When(red_at__lt=end, then=Value(name)) for end, name in named),
        default=Value("later"), output_field=_TEXT,
    )  # fmt: skip


_TEXT = CharField()


def _counted(base: QuerySet[Matter], account: int, now: datetime) -> list[dict[str, Any]]:
    """Count the applications of a list by everything it can be narrowed down by, in one pass over them."""
    owner = Case(
        When(claim__account_id=account, then=Value(MINE)), When(claim__id__isnull=True, then=Value(FREE)),
        default=Value("others"), output_field=_TEXT,
    )  # fmt: skip
    warned = Case(When(yellow_at__lte=now, then=Value(True)), default=Value(False), output_field=BooleanField())
    # From the narrow table alone; what items and departments are called is then asked of one application each.
    rows = base.order_by().values(
        "department_id", "item_version_id", step_=F("step_name"), whose=owner, group=_grouped(now), warned=warned,
    )  # fmt: skip
    counted = sorted(rows.annotate(n=Count("*"), newest=Max("id")), key=lambda row: row["newest"])
    newest = {(key, row[key]): row["newest"] for row in counted for key in ("item_version_id", "department_id")}
    names = {row["id"]: row for row in Matter.objects.filter(pk__in=set(newest.values())).values(*_NAMES)}
    return [
        row
        | {"light": _light_of(row["group"], warned=row["warned"])}
        | {"of_item": names[newest["item_version_id", row["item_version_id"]]]["item_version__item_id"]}
        | {"title_": names[newest["item_version_id", row["item_version_id"]]]["title"]}
        | {"department_": names[newest["department_id", row["department_id"]]]["department__name"]}
        for row in counted
    ]


_NAMES = ("id", "title", "item_version__item_id", "department__name")


def _light_of(group: str, *, warned: bool) -> str:
    """Tell the light of what stands under a heading: the same as _lit()."""
    if group in LIGHTS:
        return group
    return Light.YELLOW.value if warned else Light.GREEN.value


def _choices(counted: list[dict[str, Any]], wanted: Wanted) -> dict[str, tuple[Choice, ...]]:
    """Return the values of each filter with what they would leave within the other filters."""
    chosen = {facet: str(getattr(wanted, facet) or "") for facet in FACETS} | {"group": ""}
    sums: dict[str, dict[str, int]] = {facet: {} for facet in chosen}
    labels: dict[tuple[str, str], str] = {}
    for row in counted:
        keys = {facet: str(row[_KEYS[facet][0]] or "") for facet in chosen}
        misses = [facet for facet, value in chosen.items() if value and keys[facet] != value]
        for facet, key in keys.items():
            if not misses or misses == [facet]:
                sums[facet][key] = sums[facet].get(key, 0) + row["n"]
                labels[facet, key] = str(row[_KEYS[facet][1]] or "")
    return {
        facet: tuple(
            sorted((Choice(key, labels[facet, key], n) for key, n in found.items()), key=lambda c: (-c.count, c.label))
        )
        for facet, found in sums.items()
    }


# filter -> where its value and its name stand in a counted row
_KEYS = {
    "light": ("light", "light"), "step": ("step_", "step_"), "department": ("department_id", "department_"),
    "item": ("of_item", "title_"), "whose": ("whose", "whose"), "group": ("group", "group"),
}  # fmt: skip


_COLUMNS = (
    "id", "number", "intake_number", "title", "application__applicant_name", "department_id", "department__name", "state",
    "step", "step_name", "desk", "yellow_at", "red_at", "paused", "late", "closed", "claim__account_id",
    "claim__account__name",
)  # fmt: skip


_PLAIN = ("department", "department_name", *_COLUMNS[7:16])


def _lines(rows: QuerySet[Matter]) -> tuple[Line, ...]:
    return tuple(_line(row) for row in rows.values_list(*_COLUMNS))


def _line(row: tuple[Any, ...]) -> Line:
    pk, number, intake, title, applicant, *plain, claimer, name = row
    rest: dict[str, Any] = dict(zip(_PLAIN, plain, strict=True))
    return Line(
        id=pk, called=number or intake or "", title=title, applicant=applicant or "", claimed_by=claimer,
        claimed_by_name=name or "", **rest,
    )  # fmt: skip


def claimed_by(account: int) -> tuple[Line, ...]:
    """Return the open applications that a person sees to at the desk where they stand."""
    rows = _with_claims(matters.open_matters().filter(kind=reads.KIND)).filter(Q(claim__account_id=account))
    return _lines(rows.order_by(F("red_at").asc(nulls_last=True), "id"))


def claimants(reach: Reach) -> tuple[Choice, ...]:
    """Return who sees to open applications of some departments, and to how many."""
    rows = _with_claims(matters.open_matters().filter(kind=reads.KIND)).filter(Q(claim__id__isnull=False))
    if not reach.everywhere:
        rows = rows.filter(department_id__in=reach.departments)
    named = rows.order_by().values(account=F("claim__account_id"), name=F("claim__account__name"))
    found = (Choice(str(row["account"]), row["name"], row["n"]) for row in named.annotate(n=Count("id")))
    return tuple(sorted(found, key=lambda each: (-each.count, each.label)))


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim on record: who saw to a case, at which desk, from when to when, handed on by whom with which note."""

    name: str
    desk: str
    since: datetime
    until: datetime | None
    giver: str
    made_by: str
    note: str


def claims_of(matter: int) -> tuple[ClaimLine, ...]:
    """Return the claims on an application, newest first."""
    rows = models.Claim.objects.filter(matter_id=matter).order_by("-id").values_list(
        "account__name", "desk", "since", "until", "hand_over__giver__name", "hand_over__made_by__name",
        "hand_over__note",
    )  # fmt: skip
    return tuple(
        ClaimLine(name, desk, since, until, *(each or "" for each in rest)) for name, desk, since, until, *rest in rows
    )


def numbers_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers that several applications are called by."""
    rows = Matter.objects.filter(pk__in=list(ids)).values_list("id", "number", "intake_number")
    return {pk: number or intake or "" for pk, number, intake in rows}
