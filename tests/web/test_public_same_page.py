"""What is handed out again is still true: guides at the front, progress pages behind the code."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

import build
from build import moment
from xiaoneng.approval import reads
from xiaoneng.approval.real_times import percentile, real_times
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.web.public.front import FRESH_SECONDS, STALE_SECONDS, Front
from xiaoneng.web.public.same_page import StillTrue

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")


@contextmanager
def connection_kept():
    """Keep the end of a request from closing the connection that the test's transaction lives on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Street:
    """A front before the real application, with a hand on its clock and a count of who was led inside."""

    def __init__(self) -> None:
        self.time, self.inside = 100.0, 0
        application = WSGIHandler()

        def counted(environ, start_response):
            self.inside += 1
            return application(environ, start_response)

        self.front = Front(counted, now=lambda: self.time)

    def get(self, path, **environ):
        told = {}

        def start(status, headers, *more):
            told.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})

        with connection_kept():
            answer = b"".join(self.front(RequestFactory().get(path).environ | environ, start))
        return told["status"], told["headers"], answer


@pytest.fixture
def street():
    with time_machine.at(NOW):
        yield Street()


@pytest.fixture
def guide(street):
    version = build.item(build.city())
    return version, f"/items/{version.item.code}"


def test_a_guide_is_made_once_for_everybody_who_is_not_signed_in(street, guide):
    _, path = guide
    first, second = street.get(path), street.get(path)
    assert first[0] == 200 and first[2] == second[2] and street.inside == 1
    assert first[1]["x-request-id"] != second[1]["x-request-id"]
    assert "content-security-policy" in second[1] and "x-same-for-all" not in second[1]
    assert street.get(path, HTTP_IF_NONE_MATCH=first[1]["etag"])[0] == 304
    _, headers, packed = street.get(path, HTTP_ACCEPT_ENCODING="gzip, br")
    assert headers["content-encoding"] == "gzip" and gzip.decompress(packed) == first[2]
    assert street.get(path, REQUEST_METHOD="HEAD")[2] == b"" and street.inside == 1


def test_a_new_version_shows_within_a_second(street, guide):
    version, path = guide
    version.refresh_from_db()
    assert "材料充分" not in street.get(path)[2].decode()
    ItemVersion.objects.filter(pk=version.pk).update(in_force=(version.in_force.lower, NOW - timedelta(seconds=1)))
    later = ItemVersion.objects.get(pk=version.pk)
    later.pk, later.serial, later.in_force, later.conditions = None, 2, (NOW - timedelta(seconds=1), None), "材料充分"
    later.save(force_insert=True)
    street.time += max(FRESH_SECONDS, STALE_SECONDS)
    assert "材料充分" in street.get(path)[2].decode()


def test_while_one_makes_a_page_anew_others_get_the_old_one_but_not_for_long(street, guide):
    _, path = guide
    street.get(path)
    (kept,) = street.front.kept.values()
    assert kept.making.acquire(blocking=False)  # somebody is at it
    street.time += FRESH_SECONDS
    street.get(path)
    assert street.inside == 1
    street.time += STALE_SECONDS
    street.get(path)
    assert street.inside == 2


@pytest.mark.parametrize(
    "wish",
    [
        {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_COOKIE": "a=b; large=1"},
        {"QUERY_STRING": "a=1"},
        {"REQUEST_METHOD": "POST"},
    ],
)
def test_who_comes_with_a_wish_of_his_own_is_led_inside(street, guide, wish):
    _, path = guide
    for _ in range(2):
        street.get(path, **wish)
    assert street.inside == 2 and not street.front.kept


def test_large_print_and_a_signed_in_citizen_never_get_into_what_is_kept(street, guide):
    _, path = guide
    assert b'class="large"' in street.get(path, HTTP_COOKIE="large=1")[2]
    assert b'class="large"' not in street.get(path)[2]


def test_what_is_not_there_and_what_is_no_guide_is_not_kept(street, guide):
    _, path = guide
    for address in ("/items/nothing", "/", "/search", f"{path}/guide.pdf"):
        street.get(address)
    assert not street.front.kept


def test_a_strange_host_is_refused_each_time(street, guide):
    _, path = guide
    assert street.get(path)[0] == 200
    assert street.get(path, HTTP_HOST="evil.example")[0] == 400


class Door:
    """A visitor at the door of progress pages, with the cookies of a client, and a count of who was led inside."""

    def __init__(self) -> None:
        self.inside = 0
        application = WSGIHandler()

        def counted(environ, start_response):
            self.inside += 1
            return application(environ, start_response)

        self.door = StillTrue(counted)

    def get(self, client, path, **environ):
        told = {}

        def start(status, headers, *more):
            told.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})

        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        with connection_kept():
            answer = b"".join(self.door(RequestFactory().get(path).environ | {"HTTP_COOKIE": cookies} | environ, start))
        return told["status"], told["headers"], answer


@pytest.fixture
def case(street):
    walk = build.application().received(moment("2026-03-19")).accepted(moment("2026-03-20"))
    client = Client()
    client.post("/progress", {"number": walk.file.called, "code": reads.query_code(walk.file)})
    return walk, client, f"/progress/{walk.file.called}", Door()


def test_a_progress_page_is_the_same_until_something_is_done(case):
    walk, client, path, door = case
    first, second = door.get(client, path), door.get(client, path)
    assert (first[0], first[2]) == (second[0], second[2]) and door.inside == 1
    changing = {"x-request-id", "expires", "content-length"}
    assert {n: v for n, v in first[1].items() if n not in changing} == {
        n: v for n, v in second[1].items() if n not in changing
    }
    assert "no-store" in second[1]["cache-control"] and "x-still-true" not in first[1] | second[1]
    walk.reviewed(NOW)
    assert door.get(client, path)[2] != first[2] and door.inside == 2


def test_a_progress_page_turns_with_the_light_to_the_moment(case):
    walk, client, path, door = case
    red = walk.file.red_at
    for seconds, late in ((-30, False), (-20, False), (0, False), (1, True), (2, True)):
        with time_machine.at(red + timedelta(seconds=seconds)):
            # the session is as old as the real clock says, so only the page is asked for
            assert ("超期" in door.get(client, path)[2].decode()) is late, seconds
    assert door.inside < 5


def test_a_kept_progress_page_is_for_those_who_proved_the_code(case):
    _, client, path, door = case
    door.get(client, path)
    other = build.application().received(moment("2026-03-19"))
    stranger = Client()
    stranger.post("/progress", {"number": other.file.called, "code": reads.query_code(other.file)})
    assert door.get(Client(), path)[0] == door.get(stranger, path)[0] == 302
    forged = {"HTTP_COOKIE": "sessionid=eyJwcm92ZWQiOlsxLDIsM119:1tabcd:forged"}
    assert door.get(Client(), path, **forged)[0] == 302


def test_large_print_and_the_signed_in_get_a_progress_page_of_their_own(case):
    walk, client, path, door = case
    door.get(client, path)
    client.cookies["large"] = "1"
    assert b'class="large"' in door.get(client, path)[2]
    from xiaoneng.people.models import Account

    citizen = Client()
    citizen.force_login(Account.objects.get(pk=walk.city.citizen.account))
    assert "撤回申请" in door.get(citizen, path)[2].decode()
    clerk = Client()
    clerk.force_login(Account.objects.get(pk=walk.city.clerk.account))
    for _ in range(2):  # a session of staff keeps when its owner was last seen
        assert door.get(clerk, path)[0] == 200


def test_real_times_count_working_days_without_pauses_and_need_five_decisions():
    where = build.city()
    version = build.item(where)
    for n, decided in enumerate(("2026-03-03", "2026-03-04", "2026-03-06", "2026-03-09")):
        build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02")).reviewed(
            moment("2026-03-02", f"1{n + 1}:00")
        ).granted(moment(decided))
    assert real_times(version.item_id, NOW) is None
    paused = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    paused.suspended(moment("2026-03-03")).resumed(moment("2026-03-10")).reviewed(moment("2026-03-10")).granted(
        moment("2026-03-11")
    )
    told = real_times(version.item_id, NOW)
    # 1, 2, 4 and 5 working days, and 1 + 1 around the pause
    assert (told.half, told.nine_tenths, told.cases, told.unit) == (2, 5, 5, "working_day")
    assert real_times(version.item_id, NOW + timedelta(days=400)) is None


def test_a_percentile_is_the_least_value_that_the_share_does_not_exceed():
    assert [percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share) for share in (0.5, 0.9, 1.0)] == [5, 9, 10]
    assert percentile([7], 0.5) == 7


def test_the_guide_as_pdf_says_what_is_not_checked_yet():
    import io

    from pypdf import PdfReader

    version = build.item(build.city())
    ItemVersion.objects.filter(pk=version.pk).update(basis="《某某条例》第三条（条文待核）")
    pdf = Client().get(f"/items/{version.item.code}/guide.pdf")
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert pdf["Content-Type"] == "application/pdf" and "条文待核" in told and "申请书" in told
    page = Client().get(f"/items/{version.item.code}").content.decode()
    assert "《某某条例》第三条" in page and '<span class="tag tag-check">条文待核</span>' in page
