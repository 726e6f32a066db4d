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
from xiaoneng.catalogue.models import Item, ItemVersion, Material, Scenario, Step
from xiaoneng.jobs.demo import items, money, people, places, promised, reform, staff
from xiaoneng.matters.move import Actor
from xiaoneng.org import actions as org
from xiaoneng.org import models
from xiaoneng.people.models import Account, Enterprise, Mandate, Person
from xiaoneng.rules.units import CalendarDays, Limit, WorkingDays
from xiaoneng.rules.workdays import CHINA, local

BEFORE = timedelta(days=150)  # the story begins well within it, long holidays included
SOURCE = "安澜市演示目录"


@dataclass(frozen=True, slots=True)
class City:
    """Who can act, by login, what can be applied for by its key, and the departments by their short key."""

    actors: Mapping[str, Actor]
    codes: Mapping[str, str]
    organs: Mapping[str, int]


def build(now: datetime) -> City:
    """Make the city as it stood before its story began."""
    since = datetime.combine(date((local(now) - BEFORE).year, 1, 1), time(), CHINA)
    regions = _regions()
    organs = _organs(regions)
    accounts = _accounts()
    _posts(accounts, organs, regions, since.date())
    _applicants(accounts, since.date())
    codes = _items(organs, since, accounts[staff.LIST_OFFICE].pk)
    actors = {login: Actor(row.pk, row.name) for login, row in accounts.items()}
    return City(actors, codes, {key: row.pk for key, row in organs.items()})


def _regions() -> dict[str, models.Region]:
    calendar = org.ensure_national_calendar()
    org.ensure_roles()
    further = [models.Role(code=code, name=name) for code, name in staff.FURTHER_ROLES.items()]
    models.Role.objects.bulk_create(further, ignore_conflicts=True)
    made: dict[str, models.Region] = {}
    for code, name, sign, level in places.REGIONS:
        made[code] = models.Region.objects.create(
            code=code, name=name, sign=sign, level=level, parent=made.get(places.above(code)), calendar=calendar
        )
    models.Window.objects.bulk_create(
        models.Window(region=made[hall.region], name=name, place=hall.key)
        for hall in places.HALLS.values()
        for name in hall.windows
    )
    return made


def _organs(regions: Mapping[str, models.Region]) -> dict[str, models.Department]:
    rows = [
        models.Department(
            region=regions[organ.region], name=organ.name, sign=organ.sign, code=places.code_of(organ),
            phone=places.phone_of(organ), address=_address(organ),
        )
        for organ in places.ORGANS.values()
    ]  # fmt: skip
    return dict(zip(places.ORGANS, models.Department.objects.bulk_create(rows), strict=True))


def _address(organ: places.Organ) -> str:
    return places.HALLS[organ.hall].address or settings.HALL_ADDRESS


def _accounts() -> dict[str, Account]:
    hashed = make_password(settings.DEMO_PASSWORD)  # once: it is slow on purpose
    shown = {known["login"] for known in settings.DEMO_ACCOUNTS}
    named = [(post.login, post.name, Account.Kind.STAFF) for post in staff.posts()]
    named += [(each.login, each.name, Account.Kind.CITIZEN) for each in people.CITIZENS.values()]
    rows = [
        Account(username=login, name=name, kind=kind, password=hashed if login in shown else make_password(None))
        for login, name, kind in named
    ]
    return {row.username: row for row in Account.objects.bulk_create(rows)}


def _posts(
    accounts: Mapping[str, Account],
    organs: Mapping[str, models.Department],
    regions: Mapping[str, models.Region],
    since: date,
) -> None:
    windows = {row.name: row for row in models.Window.objects.all()}
    models.Staff.objects.bulk_create(
        models.Staff(
            account=accounts[post.login], department=organs[post.organ], window=windows.get(post.window),
            post=post.title, phone=organs[post.organ].phone,
        )
        for post in staff.posts()
    )  # fmt: skip
    # Naming neither organ nor region, a role reaches every department, those imported later too.
    models.Holding.objects.bulk_create(
        models.Holding(
            account=accounts[post.login], role_id=hold.role, department=organs.get(hold.organ),
            region=regions.get(hold.region), during=DateRange(since, None), authority=hold.authority,
        )
        for post in staff.posts()
        for hold in post.holds
    )  # fmt: skip


def _applicants(accounts: Mapping[str, Account], since: date) -> None:
    persons = Person.objects.bulk_create(
        Person(
            account=accounts[each.login], name=each.name, id_number=each.number, phone=each.phone, address=each.address
        )
        for each in people.CITIZENS.values()
    )
    firms = Enterprise.objects.bulk_create(
        Enterprise(name=firm.name, uscc=firm.code, legal_representative=firm.head, address=firm.address)
        for firm in people.FIRMS.values()
    )
    by_login = dict(zip(people.CITIZENS, persons, strict=True))
    Mandate.objects.bulk_create(
        Mandate(person=by_login[firm.agent], enterprise=row, during=DateRange(since, None))
        for firm, row in zip(people.FIRMS.values(), firms, strict=True)
    )


def _items(organs: Mapping[str, models.Department], since: datetime, by: int) -> dict[str, str]:
    kinds, guides = catalogue.ensure_kinds(), items.guides()
    codes = {key: f"{places.code_of(places.ORGANS[g.organ])}{n:013d}" for n, (key, g) in enumerate(guides.items(), 1)}
    rows = Item.objects.bulk_create(
        Item(code=codes[key], department=organs[guide.organ], source=SOURCE) for key, guide in guides.items()
    )
    versions = ItemVersion.objects.bulk_create(
        _version(guide, row, kinds[guide.kind], since) for guide, row in zip(guides.values(), rows, strict=True)
    )
    pairs = list(zip(guides.values(), versions, strict=True))
    Material.objects.bulk_create(
        Material(
            version=version,
            position=n,
            name=p.name,
            required=p.required,
            note=p.note,
            source=p.source,
            form=p.form,
            scenarios=list(p.situations),
        )
        for guide, version in pairs
        for n, p in enumerate(guide.papers)
    )
    Step.objects.bulk_create(step for guide, version in pairs for step in _steps(version, guide))
    Scenario.objects.bulk_create(
        Scenario(version=version, position=n, question=question, name=name, note=note)
        for guide, version in pairs
        for n, (question, name, note) in enumerate(guide.situations)
    )
    reform.add_earlier_versions(pairs, since, by)
    promised.mark(pairs)
    money.add_rows({guide.key: version for guide, version in pairs})
    catalogue.index_versions([version.pk for version in versions])
    return codes


def _version(guide: items.Guide, item: Item, kind: str, since: datetime) -> ItemVersion:
    organ = places.ORGANS[guide.organ]
    begins = reform.begins(guide, since)
    return ItemVersion(
        item=item, serial=2 if begins > since else 1, in_force=DateTimeTZRange(begins, None), season=guide.season,
        **reform.standing(guide, organ), name=guide.name, kind_id=kind,
        statutory_n=_n(guide.statutory), statutory_unit=_unit(guide.statutory),
        promised_n=_n(guide.promised), promised_unit=_unit(guide.promised),
        conditions="\n".join(guide.conditions), basis="；".join(guide.basis),
        audience=list(guide.audience), themes=list(guide.themes), aliases=list(guide.aliases),
        location=f"{_address(organ)}，{organ.hall}{organ.window}", phone=places.phone_of(organ),
        complaint_phone="12345", online=guide.online,
        result=guide.result, source=SOURCE, fingerprint=sha256(repr(guide).encode()).hexdigest(),
    )  # fmt: skip


def _n(limit: Limit | None) -> int | None:
    return limit.n if limit else None


def _unit(limit: Limit | None) -> str:
    return limit.unit if limit else ""


def _steps(version: ItemVersion, guide: items.Guide) -> list[Step]:
    in_days = isinstance(guide.promised, WorkingDays | CalendarDays)
    unit = guide.promised.unit if guide.promised and in_days else WorkingDays.unit
    reviews = [("review", name, "reviewer", days) for name, days in guide.reviews]
    chain: list[tuple[str, str, str, int | None]] = [
        ("accept", "受理", "window", None), *reviews, ("decide", "决定", "head", None),
    ]  # fmt: skip
    return [
        Step(version=version, position=n, kind=kind, name=name, role=role, days=days, unit=unit)
        for n, (kind, name, role, days) in enumerate(chain)
    ]
