"""Administration of the system for programs: regions, departments, windows, office hours, calendars, settings."""

from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Day, Id, Instant, Line, LongText
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tables import by_of
from xiaoneng.catalogue import actions as catalogue
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import calendars, places, preferences, registers
from xiaoneng.org import reads as org
from xiaoneng.powerlists.departments import close_department as close
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local_day

room = Room(tags=["管理"])
SYSTEM = Bearer(Scope.ADMIN_SYSTEM)
SETTINGS = Bearer(Scope.ADMIN_SYSTEM, Scope.ADMIN_SECURITY)
Year = Annotated[int, Field(ge=calendars.YEARS[0], le=calendars.YEARS[1])]
Code = Annotated[str, Field(min_length=1, max_length=30, pattern=CLEAN)]


class Kept(Answer):
    """What was kept, by its id."""

    id: int


class Done(Answer):
    """That something was done, in words."""

    text: str


class RegionAsked(Body):
    """A region; its level follows from the code."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN)]
    code: Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]
    sign: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$", description="写在办件编号最前面；有了部门以后不能再改")]
    parent: Id | None = None


class RegionTold(Answer):
    """A region."""

    id: int
    code: str
    name: str
    sign: str
    level: str
    parent: int | None
    calendar: str
    office_hours: str


class DepartmentAsked(Body):
    """A department."""

    region: Id
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=CLEAN)]
    code: Code
    sign: Annotated[str, Field(min_length=1, max_length=10, pattern=CLEAN, description="机关代字，写在文书编号里")]
    phone: Annotated[str, Field(max_length=60, pattern=CLEAN)] = ""
    address: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""


class OrganTold(Answer):
    """A department."""

    id: int
    region: int
    name: str
    code: str
    sign: str
    phone: str
    address: str
    closed_on: date | None
    succeeded_by: int | None


class WindowAsked(Body):
    """A window."""

    region: Id
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN)]
    place: Line = ""


class WindowTold(Answer):
    """A window."""

    id: int
    region: int
    name: str
    place: str


class ClosingAsked(Body):
    """Why a department is closed, and by which it is succeeded."""

    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=CLEAN)]
    successor: Id | None = None


class HoursAsked(Body):
    """Office hours from a day to come."""

    hours: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN, examples=["9:00-12:00 15:00-18:00"])]
    since: Day
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]


class VersionTold(Answer):
    """The calendar's new version; open cases that it touches are counted anew within a minute."""

    version: int


class CalendarTold(Answer):
    """A calendar with the years that an official notice settles."""

    id: int
    name: str
    version: int
    recalculated: int = Field(description="在办件已经按这一版重算过")
    years: list[int]


class YearTold(Answer):
    """A year of a calendar; without a document it is provisional."""

    calendar: int
    year: int
    version: int
    document: str
    lines: str = Field(description="与平常一周不同的日子，一行一天或者一段")


class YearAsked(Body):
    """A year as its official notice arranges it."""

    document: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]
    lines: Annotated[str, Field(max_length=20_000, pattern=CLEAN, examples=["2027-01-01 放假 元旦"])]
    seen_version: Annotated[int, Field(ge=1, le=10**9, description="读取时的 version；别人先改了就不发布")]


class SettingTold(Answer):
    """A setting: what it does, what it is, whose it is."""

    key: str
    group: str
    label: str
    why: str
    value: str | int | bool
    default: str | int | bool
    unit: str
    administrator: str
    changed_at: Instant | None
    changed_by: str


class SettingAsked(Body):
    """The value to be set."""

    value: LongText | int | bool


# --- places -----------------------------------------------------------------------------------------------------------
@room.reads("/admin/regions", list[RegionTold], door=SYSTEM, summary="地区")
def list_regions(request: HttpRequest) -> list[RegionTold]:
    """List every region, each below the one it belongs to."""
    names = RegionTold.model_fields
    return [RegionTold(**{name: getattr(each, name) for name in names}) for each in registers.regions()]


@room.changes("/admin/regions", Kept, door=SYSTEM, summary="新建地区", status=201)
def make_region(request: HttpRequest, asked: RegionAsked) -> Kept:
    """Make a region."""
    return Kept(id=places.save_region(None, asked.model_dump(), by=by_of(request), at=clock.now()))


@room.sets("PUT", "/admin/regions/{id}", Kept, door=SYSTEM, summary="修改地区")
def change_region(request: HttpRequest, id: Id, asked: RegionAsked) -> Kept:
    """Change a region."""
    kept = places.save_region(id, asked.model_dump(), by=by_of(request), at=clock.now())
    catalogue.index_region(kept)
    return Kept(id=kept)


@room.reads("/admin/departments", list[OrganTold], door=SYSTEM, summary="部门，含已撤销的")
def list_organs(request: HttpRequest) -> list[OrganTold]:
    """List every department, those that are closed too."""
    return [
        OrganTold(
            id=each.pk, region=each.region_id, name=each.name, code=each.code, sign=each.sign, phone=each.phone,
            address=each.address, closed_on=each.closed_on, succeeded_by=each.succeeded_by_id,
        )
        for each in registers.departments()
    ]  # fmt: skip


@room.changes("/admin/departments", Kept, door=SYSTEM, summary="新建部门", status=201)
def make_organ(request: HttpRequest, asked: DepartmentAsked) -> Kept:
    """Make a department."""
    return Kept(id=places.save_department(None, asked.model_dump(), by=by_of(request), at=clock.now()))


@room.sets("PUT", "/admin/departments/{id}", Kept, door=SYSTEM, summary="修改部门")
def change_organ(request: HttpRequest, id: Id, asked: DepartmentAsked) -> Kept:
    """Change a department; what was issued keeps the old name."""
    kept = places.save_department(id, asked.model_dump(), by=by_of(request), at=clock.now())
    catalogue.index_department(kept)
    return Kept(id=kept)


@room.changes("/admin/departments/{id}/close", Done, door=SYSTEM, summary="撤销部门")
def close_organ(request: HttpRequest, id: Id, asked: ClosingAsked) -> Done:
    """Close a department; all that stands against it is told at once."""
    close(id, successor=asked.successor, reason=asked.reason, by=by_of(request), at=clock.now())
    return Done(text="部门已撤销，记入管理留痕。以前的办件和文书不变。")


@room.changes("/admin/departments/{id}/reopen", Done, door=SYSTEM, summary="恢复部门")
def reopen_organ(request: HttpRequest, id: Id) -> Done:
    """Take back that a department was closed."""
    places.reopen_department(id, by=by_of(request), at=clock.now())
    return Done(text="部门已恢复。")


@room.reads("/admin/windows", list[WindowTold], door=SYSTEM, summary="窗口")
def list_windows(request: HttpRequest) -> list[WindowTold]:
    """List every window."""
    return [WindowTold(id=w.pk, region=w.region_id, name=w.name, place=w.place) for w in registers.windows()]


@room.changes("/admin/windows", Kept, door=SYSTEM, summary="新建窗口", status=201)
def make_window(request: HttpRequest, asked: WindowAsked) -> Kept:
    """Make a window."""
    return Kept(id=places.save_window(None, asked.model_dump(), by=by_of(request), at=clock.now()))


@room.sets("PUT", "/admin/windows/{id}", Kept, door=SYSTEM, summary="修改窗口")
def change_window(request: HttpRequest, id: Id, asked: WindowAsked) -> Kept:
    """Change a window."""
    return Kept(id=places.save_window(id, asked.model_dump(), by=by_of(request), at=clock.now()))


@room.changes("/admin/regions/{id}/hours", VersionTold, door=SYSTEM, summary="调整办公时间")
def change_hours(request: HttpRequest, id: Id, asked: HoursAsked) -> VersionTold:
    """Let other office hours hold in a region from a day to come."""
    _known_region(id)
    version = places.change_hours(
        id, asked.hours, since=asked.since, by=by_of(request), at=clock.now(), reason=asked.reason
    )
    return VersionTold(version=version)


def _known_region(pk: int) -> None:
    if all(each.id != pk for each in registers.regions()):
        raise NotFound(places.GONE)


# --- calendars --------------------------------------------------------------------------------------------------------
@room.reads("/admin/calendars", list[CalendarTold], door=SYSTEM, summary="日历")
def list_calendars(request: HttpRequest) -> list[CalendarTold]:
    """List every calendar."""
    return [
        CalendarTold(id=c.id, name=c.name, version=c.version, recalculated=c.recalculated, years=list(c.years))
        for c in registers.calendars()
    ]


@room.reads("/admin/calendars/{id}/{year}", YearTold, door=SYSTEM, summary="日历的一年")
def read_year(request: HttpRequest, id: Id, year: Year) -> YearTold:
    """Tell a year of a calendar."""
    found = calendars.year_of(id, year)
    return YearTold(
        calendar=found.calendar, year=found.year, version=found.version, document=found.document,
        lines=calendars.as_lines(found.days),
    )  # fmt: skip


@room.sets("PUT", "/admin/calendars/{id}/{year}", VersionTold, door=SYSTEM, summary="发布一年的放假安排")
def publish_year(request: HttpRequest, id: Id, year: Year, asked: YearAsked) -> VersionTold:
    """Put a year's arrangement in force as a new version of the calendar."""
    calendars.year_of(id, year)
    version = calendars.publish(
        id, year, calendars.from_lines(asked.lines, year), asked.document, by=by_of(request), at=clock.now(),
        seen_version=asked.seen_version,
    )  # fmt: skip
    return VersionTold(version=version)


# --- settings ---------------------------------------------------------------------------------------------------------
@room.reads("/admin/settings", list[SettingTold], door=SETTINGS, summary="设置")
def list_settings(request: HttpRequest) -> list[SettingTold]:
    """List every setting with what it does and who may set it."""
    return [
        SettingTold(
            key=each.preference.key, group=each.preference.group, label=each.preference.label, why=each.preference.why,
            value=each.value, default=each.default, unit=each.preference.unit, administrator=each.preference.who.value,
            changed_at=each.changed_at, changed_by=each.changed_by,
        )
        for each in preferences.shown(matters.installation(), _given())
    ]  # fmt: skip


@room.sets("PUT", "/admin/settings/{key}", Done, door=SETTINGS, summary="修改一项设置")
def change_setting(
    request: HttpRequest, key: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")], asked: SettingAsked
) -> Done:
    """Set one value; each administrator sets what is his."""
    caller = caller_of(request)
    value = asked.value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    current: dict[str, Any] = preferences.values(matters.installation(), _given())
    preferences.change(
        key, text, current=current, roles=_administrators(caller), by=by_of(request), at=clock.now()
    )  # fmt: skip
    return Done(text=f"“{preferences.PREFERENCES[key].label}”已保存，几秒内在所有页面生效。")


def _administrators(caller: Caller) -> frozenset[Administrator]:
    # The token counts as well as the role: one that was made for security alone sets nothing of the system's.
    pairs = {Scope.ADMIN_SYSTEM: Administrator.SYSTEM, Scope.ADMIN_SECURITY: Administrator.SECURITY}
    held = org.administrator_of(caller.account, local_day(caller.now))
    return frozenset(role for scope, role in pairs.items() if scope in caller.scopes and role in held)


def _given() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "city": settings.CITY, "hall_address": settings.HALL_ADDRESS}
