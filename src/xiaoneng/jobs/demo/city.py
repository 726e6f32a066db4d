"""The rows on which the demo stands: regions, organs, posts, accounts, citizens, firms and items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from xiaoneng.catalogue import actions as catalogue
from xiaoneng.catalogue.models import Item, ItemVersion, Material, Step
from xiaoneng.jobs.demo import items, people
from xiaoneng.matters.move import Actor
from xiaoneng.org import actions as org
from xiaoneng.org import models
from xiaoneng.people.models import Account, Enterprise, Mandate, Person
from xiaoneng.rules.workdays import CHINA, local

BEFORE = timedelta(days=120)  # the story begins well within it, long holidays included
SOURCE = "安澜市演示目录"
REGIONS = (
    ("339900", "安澜市", "AL", models.Region.Level.CITY),
    ("339902", "临江区", "LJ", models.Region.Level.COUNTY),
    ("339902100", "柳浦镇", "LP", models.Region.Level.TOWNSHIP),
    ("339902100201", "柳浦村", "LPC", models.Region.Level.VILLAGE),
)


@dataclass(frozen=True, slots=True)
class City:
    """Who can act, by login, and what can be applied for, as the code of each item by its key."""

    actors: Mapping[str, Actor]
    codes: Mapping[str, str]
    organs: Mapping[str, int]  # the departments by name


def build(now: datetime) -> City:
    """Make the city as it stood before its story began."""
    since = datetime.combine(date((local(now) - BEFORE).year, 1, 1), time(), CHINA)
    organs = _organs(_regions())
    accounts = _accounts()
    _posts(accounts, organs, since.date())
    _applicants(accounts, since.date())
    codes = _items(organs, since)
    actors = {login: Actor(row.pk, row.name) for login, row in accounts.items()}
    return City(actors, codes, {name: row.pk for name, row in organs.items()})


def _regions() -> models.Region:
    calendar = org.ensure_national_calendar()
    org.ensure_roles()
    above: models.Region | None = None
    city: models.Region | None = None
    for code, name, sign, level in REGIONS:
        above = models.Region.objects.create(
            code=code, name=name, sign=sign, level=level, parent=above, calendar=calendar
        )
        city = city or above
    assert city is not None
    for name in people.WINDOWS:
        models.Window.objects.create(region=city, name=name, place="市民中心一楼 A 区")
    return city


def _organs(city: models.Region) -> dict[str, models.Department]:
    return {
        organ.name: models.Department.objects.create(
            region=city, name=organ.name, sign=organ.sign, code=organ.code, phone=organ.phone,
            address=settings.HALL_ADDRESS,
        )
        for organ in items.ORGANS
    }  # fmt: skip


def _accounts() -> dict[str, Account]:
    hashed = make_password(settings.DEMO_PASSWORD)  # once: it is slow on purpose
    rows = [
        Account(
            username=known["login"], name=known["name"], password=hashed,
            kind=Account.Kind.CITIZEN if known["login"] in people.CITIZENS else Account.Kind.STAFF,
        )
        for known in settings.DEMO_ACCOUNTS
    ]  # fmt: skip
    shown = {row.username for row in rows}
    rows += [
        Account(username=each.login, name=each.name, password=make_password(None), kind=Account.Kind.CITIZEN)
        for each in people.CITIZENS.values()
        if each.login not in shown
    ]
    return {row.username: row for row in Account.objects.bulk_create(rows)}


def _posts(accounts: Mapping[str, Account], organs: Mapping[str, models.Department], since: date) -> None:
    windows = {row.name: row for row in models.Window.objects.filter(name__in=people.WINDOWS)}
    for post in people.POSTS:
        account, organ = accounts[post.login], organs[post.organ]
        models.Staff.objects.create(
            account=account, department=organ, window=windows.get(post.window), post=post.title, phone=organ.phone
        )
        # Naming neither organ nor region, a role reaches every department, those imported later too.
        models.Holding.objects.create(
            account=account, role_id=post.role, department=organs.get(post.role_at), during=DateRange(since, None)
        )


def _applicants(accounts: Mapping[str, Account], since: date) -> None:
    persons = {
        each.login: Person.objects.create(
            account=accounts[each.login], name=each.name, id_number=each.number, phone=each.phone, address=each.address
        )
        for each in people.CITIZENS.values()
    }
    for firm in people.FIRMS.values():
        row = Enterprise.objects.create(
            name=firm.name, uscc=firm.code, legal_representative=firm.head, address=firm.address
        )
        Mandate.objects.create(person=persons[firm.agent], enterprise=row, during=DateRange(since, None))


def _items(organs: Mapping[str, models.Department], since: datetime) -> dict[str, str]:
    kinds = catalogue.ensure_kinds()
    versions = {guide.key: _version(guide, organs, kinds, since) for guide in items.ITEMS}
    catalogue.index_versions([version.pk for version in versions.values()])
    return {key: version.item.code for key, version in versions.items()}


def _version(
    guide: items.Guide, organs: Mapping[str, models.Department], kinds: Mapping[str, str], since: datetime
) -> ItemVersion:
    organ = organs[guide.organ]
    item = Item.objects.create(code=_code(guide, organ), department=organ, source=SOURCE)
    version = ItemVersion.objects.create(
        item=item, serial=1, in_force=DateTimeTZRange(since, None), name=guide.name, kind_id=kinds[guide.kind],
        statutory_n=guide.statutory, statutory_unit="" if guide.statutory is None else guide.unit,
        promised_n=guide.promised, promised_unit=guide.unit,
        conditions="\n".join(guide.conditions), basis="；".join(guide.basis),
        audience=list(guide.audience), themes=list(guide.themes), aliases=list(guide.aliases),
        location=f"{settings.HALL_ADDRESS}，综合受理窗口", phone=organ.phone, complaint_phone="12345",
        result=guide.result, source=SOURCE, fingerprint=sha256(repr(guide).encode()).hexdigest(),
    )  # fmt: skip
    Material.objects.bulk_create(
        Material(version=version, position=n, name=p.name, required=p.required, note=p.note, source=p.source)
        for n, p in enumerate(guide.papers)
    )
    Step.objects.bulk_create(_steps(version, guide))
    return version


def _code(guide: items.Guide, organ: models.Department) -> str:
    return f"{organ.code}{items.ITEMS.index(guide) + 1:013d}"


def _steps(version: ItemVersion, guide: items.Guide) -> list[Step]:
    reviews = [("review", name, "reviewer", days) for name, days in guide.reviews]
    chain: list[tuple[str, str, str, int | None]] = [
        ("accept", "受理", "window", None), *reviews, ("decide", "决定", "head", None),
    ]  # fmt: skip
    return [
        Step(version=version, position=n, kind=kind, name=name, role=role, days=days, unit=guide.unit)
        for n, (kind, name, role, days) in enumerate(chain)
    ]
