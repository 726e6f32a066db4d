"""Verbs of the organisation: the first rows that everything else stands on."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from xiaoneng.org import models, official_calendar
from xiaoneng.org.signs import sign
from xiaoneng.rules.roles import AT_THE_TILL, GRANTED, ON_LISTS, ON_PROJECTS, Administrator, Onlooker

NATIONAL_CALENDAR = "全国"


@transaction.atomic
def ensure_national_calendar() -> models.Calendar:
    """Create the national calendar, or add the years whose notice came out since; what stands is left alone."""
    models.Calendar.objects.get_or_create(name=NATIONAL_CALENDAR, defaults={"version": official_calendar.VERSION})
    calendar = models.Calendar.objects.select_for_update().get(name=NATIONAL_CALENDAR)
    settled = set(calendar.notices.values_list("year", flat=True))
    fresh = {year: text for year, text in official_calendar.notices().items() if year not in settled}
    if fresh:
        _add_years(calendar, fresh, first=not settled)
    return calendar


def _add_years(calendar: models.Calendar, notices: Mapping[int, str], *, first: bool) -> None:
    if not first:
        calendar.version += 1
        calendar.save(update_fields=["version"])
    known = set(calendar.days.filter(until__isnull=True).values_list("day", flat=True))
    models.CalendarDay.objects.bulk_create(
        models.CalendarDay(calendar=calendar, day=day, kind=kind.value, name=name, since=calendar.version)
        for day, kind, name in official_calendar.special_days()
        if day not in known
    )
    models.CalendarNotice.objects.bulk_create(
        models.CalendarNotice(calendar=calendar, year=year, document=document, since=calendar.version)
        for year, document in notices.items()
    )


def ensure_roles() -> None:
    """Create the rows of those roles that somebody can be granted."""
    roles = (*GRANTED, *ON_LISTS, *AT_THE_TILL, *ON_PROJECTS, *Onlooker, *Administrator)
    rows = [models.Role(code=role.value, name=role.label) for role in roles]
    models.Role.objects.bulk_create(rows, ignore_conflicts=True)


def ensure_region(code: str, name: str) -> models.Region:
    """Return the region of this code; a new one comes in under no parent, on the national calendar."""
    found = models.Region.objects.filter(code=code).first()
    if found is not None:
        return found
    calendar = ensure_national_calendar()
    row, _ = models.Region.objects.get_or_create(
        code=code, defaults={"name": name, "level": level_of(code), "calendar": calendar}
    )
    return row


def level_of(code: str) -> models.Region.Level:
    """Return the level that a division code of 6 to 12 digits stands for: 440000 province, 440106001000 township."""
    padded = code.ljust(12, "0")
    for start, level in ((9, "VILLAGE"), (6, "TOWNSHIP"), (4, "COUNTY"), (2, "CITY")):
        if padded[start:].strip("0"):
            return models.Region.Level[level]
        padded = padded[:start]
    return models.Region.Level.PROVINCE


@transaction.atomic
def ensure_departments(region: models.Region, codes: Mapping[str, str]) -> dict[str, int]:
    """Return the ids of a region's departments by name, creating those that are missing, each with its own sign."""
    known = dict(region.departments.filter(name__in=list(codes)).values_list("name", "id"))
    taken = set(models.Department.objects.values_list("sign", flat=True))
    missing = []
    # Shorter names first: the organ itself gets the short sign, its institutes the longer ones.
    for name in sorted(set(codes) - set(known), key=lambda name: (len(name), name)):
        row = models.Department(
            region=region, name=name, code=codes[name], sign=sign(name, region.code, region.name, taken)
        )
        taken.add(row.sign)
        missing.append(row)
    models.Department.objects.bulk_create(missing)
    return known | {row.name: row.pk for row in missing}
