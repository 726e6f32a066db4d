"""The demo: a city in which everything that can happen has happened, right on whatever day it is loaded."""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

import ground
from build import moment, picture
from xiaoneng.approval.joint import reads as joint
from xiaoneng.approval.models import Application
from xiaoneng.catalogue import search
from xiaoneng.jobs import database, demo, doctor, first_start, time_machine
from xiaoneng.jobs.commands import demo as command
from xiaoneng.jobs.commands import lights
from xiaoneng.jobs.demo import papers, people, staff, walk
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.kit import clock, files
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Attachment, Document, Entry, Matter
from xiaoneng.matters.move import region_word
from xiaoneng.org import reads as org
from xiaoneng.org.models import Department, Holding, Region, Window
from xiaoneng.people.models import Account, Person
from xiaoneng.rules.milestones import supervised
from xiaoneng.rules.procedures import all_procedures, application
from xiaoneng.rules.roles import GRANTED, Role
from xiaoneng.rules.workdays import OFFICE_HOURS, local, local_day
from xiaoneng.supervision import reads as supervision
from xiaoneng.supervision.models import RedLight
from xiaoneng.web import access
from xiaoneng.web.papers import compose as written

NAME = f"demo_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
BLANK = f"{NAME}_blank"
KILLED = "the start was killed here"
EVERYDAY = {
    "submit", "accept", "request_correction", "supplement", "not_accept", "deem_accepted", "review", "grant", "refuse",
    "suspend", "resume", "extend", "deliver", "withdraw",
}  # fmt: skip
LEAVES = {"public:logout"}  # ends the session
OF_EVERY_KIND = ("head", "supervisor", "cashier", "lists", "sysadmin", "window", "shenruoxi", "linzhiyuan")
SMALL = 90  # applications: enough for every way a case can go; the whole city is for make prove


@contextmanager
def pointed_at(name):
    """Point both connections at a database of this name."""
    connections.close_all()
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        for alias, old in before.items():
            connections[alias].settings_dict["NAME"] = old


@pytest.fixture(scope="module")
def blank(django_db_setup, django_db_blocker):
    """Make a migrated database in which nothing is yet."""
    with django_db_blocker.unblock():
        ground.make_blank(BLANK)
        yield BLANK
        database.drop(BLANK)


@pytest.fixture(scope="module")
def city(blank, django_db_blocker):
    """Make the demo city, loaded once for all tests that only look; the first start is killed half-way."""
    with django_db_blocker.unblock():
        database.drop(NAME)
        database.create_clone(blank, NAME)
        with pointed_at(NAME):
            kill_half_way()
            demo.load(size=SMALL)
            yield
        database.drop(NAME)


def kill_half_way():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "look_at_the_clocks", lambda at: (_ for _ in ()).throw(KeyboardInterrupt(KILLED)))
        with pytest.raises(KeyboardInterrupt, match=KILLED):
            demo.load(size=SMALL)
    assert demo.is_empty()
    assert not Region.objects.exists()
    assert clock_is_real()


@pytest.fixture
def fresh(blank, django_db_blocker):
    """Give a blank database of its own."""
    name = f"{NAME}_fresh"
    with django_db_blocker.unblock():
        database.drop(name)
        database.create_clone(blank, name)
        with pointed_at(name):
            yield
        database.drop(name)


def clock_is_real():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'xn_clock' AND pronamespace = 'xn'::regnamespace")
        body = cursor.fetchone()[0].strip()
        cursor.execute("SELECT to_regclass('xn.clock_shift') IS NULL, abs(extract(epoch FROM xn_clock() - now())) < 2")
        return (body, *cursor.fetchone()) == ("SELECT pg_catalog.clock_timestamp()", True, True)


def test_every_light_every_state_and_every_everyday_document_stand_in_it(city):
    assert all(supervision.lights_as_of(clock.now()).values())
    assert set(matter_states()) == {state.code for state in application.PROCEDURE.states}
    issued = {move.document.kind for move in application.PROCEDURE.moves if move.document and move.name in EVERYDAY}
    assert set(Document.objects.values_list("kind", flat=True)) >= issued
    assert set(Entry.objects.values_list("move", flat=True)) >= EVERYDAY


def matter_states():
    return Matter.objects.filter(kind="application").values_list("state", flat=True)


def test_the_doctor_finds_nothing_and_the_clock_is_the_real_one(city):
    report = doctor.examine()
    assert (list(report.findings), report.installation, report.real_clock) == ([], "demo", True)
    assert clock_is_real()


def test_every_account_that_is_shown_can_sign_in_and_no_other(city):
    for known in (settings.DEMO_ACCOUNTS[0], settings.DEMO_ACCOUNTS[-1]):
        account = authenticate(None, username=known["login"], password=known["password"])
        assert account is not None and account.name == known["name"]
    shown = {known["login"]: known["name"] for known in settings.DEMO_ACCOUNTS}
    rows = Account.objects.filter(username__in=shown)
    assert dict(rows.values_list("username", "name")) == shown
    assert len(set(rows.values_list("password", flat=True))) == 1  # hashed once, so the two above stand for all
    others = Account.objects.exclude(username__in=shown)
    assert others and not any(account.has_usable_password() for account in others)
    assert all(login in "\n".join(demo.greeting()) for login in shown)


def test_clerk_reviewer_and_head_may_act_for_a_department_that_is_imported_later(city):
    region = Region.objects.get(code="339900")
    later = Department.objects.create(region=region, code="D", name="地震局", sign="安震")
    today = local_day(clock.now())
    reaches_all = {
        "window": {Role.WINDOW}, "reviewer": {Role.REVIEWER}, "reviewer2": {Role.REVIEWER},
        "head": {Role.HEAD, Role.DEPUTY},
    }  # fmt: skip
    for login, roles in reaches_all.items():
        account = Account.objects.get(username=login)
        assert {held.role for held in org.roles_of(account.pk, later.pk, today)} == roles
    assert org.roles_of(Account.objects.get(username="window2").pk, later.pk, today) == ()
    later.delete()


def test_every_role_of_the_city_is_held_by_somebody_who_works_there(city):
    held = set(
        Holding.objects.filter(account__is_active=True, account__staff__isnull=False).values_list("role", flat=True)
    )
    assert held == set(org.models.Role.objects.values_list("code", flat=True))
    assert held >= {role.value for role in GRANTED} | set(staff.FURTHER_ROLES)


def test_the_three_administrators_are_three_people_who_handle_no_cases(city):
    roles = ("system_administrator", "security_administrator", "audit_administrator")
    holders = [Account.objects.get(holdings__role=role) for role in roles]
    assert len({account.pk for account in holders}) == 3
    assert all(account.holdings.count() == 1 for account in holders)


def test_cases_come_over_the_window_and_online_from_people_and_firms(city):
    rows = Application.objects.filter(matter__version__gt=0)
    for channel in ("online", "window"):
        names = [len(name) for name in rows.filter(channel=channel).values_list("applicant_name", flat=True)]
        assert min(names) == 3 and max(names) > 6
    filed = Matter.objects.filter(kind="application", version__gt=0)
    assert len(set(filed.values_list("department", flat=True))) > 15
    assert set(filed.values_list("department__region__level", flat=True)) >= {1, 2, 3}


def test_a_chief_representative_decides_on_a_letter_of_authority(city):
    chief = Account.objects.get(username="chief")
    decided = Entry.objects.filter(actor=chief.pk, move="grant").values_list("authority", flat=True)
    assert decided and all(text.startswith("授权书") for text in decided)


def test_numbers_have_no_gaps_and_grow_with_time(city):
    series, kinds = defaultdict(list), defaultdict(set)
    for kind, number in Document.objects.order_by("issued_at", "id").values_list("kind", "number"):
        head, _, rest = number.partition("〕")
        series[head].append(int(rest.removesuffix("号")))
        kinds[kind].add(head.partition("字〔")[0])
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in series.values())
    signs = {
        True: {region_word(name) for name in Region.objects.values_list("name", flat=True)},
        False: set(Department.objects.values_list("sign", flat=True)),
    }
    issued = defaultdict(set)  # the certificate's room and the promise's name their revocations alike
    every = (move for each in all_procedures().values() for move in each.moves)
    for document in (given for move in every for given in (move.document, *move.further) if given):
        issued[document.kind] |= {sign + document.word for sign in signs[document.of_region]}
    assert all(heads <= issued[kind] for kind, heads in kinds.items())


def test_a_red_light_is_on_record_since_it_came_true_and_was_recorded_the_same_evening(city):
    rows = list(RedLight.objects.all())
    assert {row.clock for row in rows} >= {"pre_acceptance", "promised", "statutory"}
    for row in rows:
        assert row.since == OFFICE_HOURS.close_of_business(row.due_on)
        assert timedelta() < row.recorded_at - row.since < timedelta(minutes=1)
        assert row.seal


def test_everything_happened_on_working_days_in_the_past_and_officials_kept_their_hours(city):
    calendar, hours = org.calendar_of_department(Department.objects.values_list("id", flat=True)[0])
    for entry in Entry.objects.filter(actor__gt=0):
        at = local(entry.recorded_at)
        assert calendar.is_working(at.date()) and entry.recorded_at < clock.now()
        if entry.role != "applicant":
            assert any(opens <= at.time() <= closes for opens, closes in hours.sessions), entry


def test_every_file_that_was_handed_in_is_there_and_whole(city):
    hashes = set(Attachment.objects.values_list("sha256", flat=True))
    assert len(hashes) > 50
    assert all(files.is_intact(settings.FILES_DIRECTORY, sha256) for sha256 in hashes)
    assert set(Attachment.objects.values_list("kind", flat=True)) == {"application/pdf", "image/png"}


def test_the_four_levels_have_windows_and_items_are_found_by_everyday_words(city):
    windows = Window.objects.values_list("region__level", flat=True)
    assert set(windows) == set(Region.objects.values_list("level", flat=True)) == {1, 2, 3, 4}
    found = {row.name for row in search.search("开饭店", at=clock.now()).rows}
    assert "食品经营许可" in found
    assert {row.name for row in search.search("领结婚证", at=clock.now()).rows} == {"内地居民结婚登记"}
    assert Person.objects.count() == len(people.CITIZENS)


def test_a_second_load_is_refused_with_what_to_do(city):
    with pytest.raises(CannotRun, match="demo --reset"):
        demo.load()


def test_a_clock_that_a_killed_start_left_movable_is_put_right_by_the_next(city):
    time_machine.make_movable()
    assert not clock_is_real()
    assert demo.ensure() == demo.greeting()
    assert clock_is_real()


def test_a_clock_that_was_moved_on_purpose_stays_moved(city):
    time_machine.make_movable()
    time_machine.shift(timedelta(days=1))
    demo.ensure()
    assert not clock_is_real()
    time_machine.make_fixed()


def test_without_a_demo_the_first_start_declares_production_and_it_stays_so(fresh):
    first_start.as_production()
    assert matters.installation() == "production"
    assert Region.objects.count() == 0
    assert not org.models.Role.objects.filter(code__in=staff.FURTHER_ROLES).exists()
    assert demo.ensure() == []
    with pytest.raises(CannotRun, match="XIAONENG_HOME"):
        demo.load()
    with pytest.raises(CannotRun, match="正式"):
        command._clear()


def test_a_database_elsewhere_is_not_cleared_but_told_how(city, monkeypatch):
    monkeypatch.setattr(settings, "EMBEDDED", False)
    with pytest.raises(CannotRun, match="数据库管理员"):
        command._clear()


# An evening; the middle of a holiday; a year without its notice yet.
@pytest.mark.parametrize(
    "now",
    [
        pytest.param(moment("2026-11-24", "18:30"), marks=pytest.mark.prove),
        pytest.param(moment("2026-02-18", "12:00"), marks=pytest.mark.prove),  # in the middle of the Spring Festival
        moment("2027-04-06", "10:40"),
    ],
    ids=str,
)
@pytest.mark.django_db
def test_the_lights_come_out_on_any_day(now, monkeypatch):
    monkeypatch.setattr(papers, "page", lambda *words: ("材料.png", picture()))
    told = []
    demo.build(now, told.append, size=SMALL)
    lights = supervision.lights_as_of(now)
    assert all(lights.values())
    assert lights["red"] + lights["yellow"] < lights["green"]
    assert set(matter_states()) == {state.code for state in application.PROCEDURE.states}
    assert len(told) >= 5 and "%" in told[-1]


# --- lights -----------------------------------------------------------------------------------------------------------
def test_a_time_without_a_zone_is_meant_in_china():
    assert lights.instant("2026-03-09T17:00") == moment("2026-03-09", "17:00")
    assert lights.instant("2026-03-09T09:00Z") == moment("2026-03-09", "17:00")
    assert lights.instant("2026-03-09") == moment("2026-03-09", "00:00")


@pytest.mark.parametrize("text", ["", "now", "2026-13-01", "2026-03-09T25:00", "0001-01-01", "三月九日"])
def test_a_text_that_names_no_time_is_refused_with_an_example(text):
    with pytest.raises(argparse.ArgumentTypeError, match="2026-03-09T17:00"):
        lights.instant(text)


def test_lights_of_an_earlier_instant_are_told_from_the_journal(city, capsys):
    long_ago = lights.instant("2020-01-01")
    assert lights.execute(argparse.Namespace(as_of=long_ago, json=True, recount=False)) == 0
    told = capsys.readouterr().out
    assert told == '{"as_of": "2020-01-01T00:00:00+08:00", "green": 0, "yellow": 0, "red": 0, "paused": 0}\n'
    lights.execute(argparse.Namespace(as_of=None, json=False, recount=False))
    open_now = Matter.objects.filter(kind__in=supervised(), closed=False, version__gt=0).count()
    assert f"未办结 {open_now} 件" in capsys.readouterr().out


def test_who_may_try_the_demo_can_still_take_a_whole_joint_case_back(city):
    client = Client()
    her = Account.objects.get(username="shenruoxi")
    client.force_login(her)
    waiting = Matter.objects.get(kind=joint.KIND, state="received", application__filed_by=her.pk)
    page = client.get(reverse("public:joint_withdraw", args=[waiting.pk])).content.decode()
    assert "<h1>整件撤回</h1>" in page and "确认撤回" in page


def test_every_page_that_takes_no_argument_opens_for_the_first_of_its_people(city):
    assert spoilt_pages(until_one_has_seen_it=True) == []


@pytest.mark.prove
def test_people_of_every_kind_open_every_page_that_takes_no_argument(city):
    assert spoilt_pages(until_one_has_seen_it=False) == []


def spoilt_pages(until_one_has_seen_it):
    hands = {login: Client(raise_request_exception=False) for login in OF_EVERY_KIND}
    for login, client in hands.items():
        client.force_login(Account.objects.get(username=login))
    spoilt = []
    for name, route in access.routes():
        if "<" in str(route.pattern) or name in LEAVES:
            continue
        for login, client in hands.items():
            status = client.get(reverse(name)).status_code
            if status >= 500:
                spoilt.append(f"{login} on {name}: {status}")
            if status == 200 and until_one_has_seen_it:
                break
    return spoilt


def test_every_document_that_was_issued_can_be_written(city):
    for document in Document.objects.all():
        line = matters.document_by_code(document.verify_code)
        assert written(line).paragraphs, line
