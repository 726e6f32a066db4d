"""Administration of the system for programs: regions, departments, windows, office hours, calendars."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import Bearer
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Day, Id, Line, Version
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tables import by_of
from xiaoneng.api.unchanged import seen_of
from xiaoneng.catalogue import actions as catalogue
from xiaoneng.kit import clock
from xiaoneng.org import calendars, places, registers
from xiaoneng.powerlists.departments import close_department as close
from xiaoneng.rules.grounds import NotFound

room = Room(tags=["管理"])
SYSTEM = Bearer(Scope.ADMIN_SYSTEM)
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
    version: Version


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
    version: Version


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
    version: Version


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


# --- places -----------------------------------------------------------------------------------------------------------
@room.reads("/admin/regions", list[RegionTold], door=SYSTEM, summary="地区")
def list_regions(request: HttpRequest) -> list[RegionTold]:
    """List every region, each below the one it belongs to."""
    names, marks = RegionTold.model_fields.keys() - {"version"}, places.marks_of("region")
    return [
        RegionTold(**{name: getattr(each, name) for name in names}, version=marks[each.id])
        for each in registers.regions()
    ]


@room.changes("/admin/regions", Kept, door=SYSTEM, summary="新建地区", status=201)
def make_region(request: HttpRequest, asked: RegionAsked) -> Kept:
    """Make a region."""
    return Kept(id=places.save_region(None, asked.model_dump(), by=by_of(request), at=clock.now()))


@room.sets("PUT", "/admin/regions/{id}", Kept, door=SYSTEM, summary="修改地区", marked=True)
def change_region(request: HttpRequest, id: Id, asked: RegionAsked) -> Kept:
    """Change a region."""
    kept = places.save_region(id, asked.model_dump(), by=by_of(request), at=clock.now(), seen=seen_of(request))
    catalogue.index_region(kept)
    return Kept(id=kept)


@room.reads("/admin/departments", list[OrganTold], door=SYSTEM, summary="部门，含已撤销的")
def list_organs(request: HttpRequest) -> list[OrganTold]:
    """List every department, those that are closed too."""
    marks = places.marks_of("department")
    return [
        OrganTold(
            id=each.pk, region=each.region_id, name=each.name, code=each.code, sign=each.sign, phone=each.phone,
            address=each.address, closed_on=each.closed_on, succeeded_by=each.succeeded_by_id, version=marks[each.pk],
        )
        for each in registers.departments()
    ]  # fmt: skip


@room.changes("/admin/departments", Kept, door=SYSTEM, summary="新建部门", status=201)
def make_organ(request: HttpRequest, asked: DepartmentAsked) -> Kept:
    """Make a department."""
    return Kept(id=places.save_department(None, asked.model_dump(), by=by_of(request), at=clock.now()))


@room.sets("PUT", "/admin/departments/{id}", Kept, door=SYSTEM, summary="修改部门", marked=True)
def change_organ(request: HttpRequest, id: Id, asked: DepartmentAsked) -> Kept:
    """Change a department; what was issued keeps the old name."""
    kept = places.save_department(id, asked.model_dump(), by=by_of(request), at=clock.now(), seen=seen_of(request))
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
    marks = places.marks_of("window")
    return [
        WindowTold(id=w.pk, region=w.region_id, name=w.name, place=w.place, version=marks[w.pk])
        for w in registers.windows()
    ]


@room.changes("/admin/windows", Kept, door=SYSTEM, summary="新建窗口", status=201)
def make_window(request: HttpRequest, asked: WindowAsked) -> Kept:
    """Make a window."""
    return Kept(id=places.save_window(None, asked.model_dump(), by=by_of(request), at=clock.now()))


@room.sets("PUT", "/admin/windows/{id}", Kept, door=SYSTEM, summary="修改窗口", marked=True)
def change_window(request: HttpRequest, id: Id, asked: WindowAsked) -> Kept:
    """Change a window."""
    return Kept(id=places.save_window(id, asked.model_dump(), by=by_of(request), at=clock.now(), seen=seen_of(request)))


@room.changes("/admin/regions/{id}/hours", VersionTold, door=SYSTEM, summary="调整办公时间")
def change_hours(request: HttpRequest, id: Id, asked: HoursAsked) -> VersionTold:
    """Let other office hours hold in a region from a day to come."""
    _known_region(id)
    version = places.change_hours(
        id, asked.hours, since=asked.since, by=by_of(request), at=clock.now(), reason=asked.reason
    )
    return VersionTold(version=version)


@room.changes("/admin/regions/{id}/hours/withdraw", VersionTold, door=SYSTEM, summary="撤销还没生效的办公时间调整")
def withdraw_hours(request: HttpRequest, id: Id) -> VersionTold:
    """Take back those changes of the office hours whose day has not begun."""
    _known_region(id)
    return VersionTold(version=places.withdraw_hours(id, by=by_of(request), at=clock.now(), reason="撤销"))


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
