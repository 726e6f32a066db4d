"""Whatever a browser or a program sends, the answer says what to do next and is never a 500."""

import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

import build
from build import moment
from xiaoneng.jobs import time_machine

pytestmark = pytest.mark.django_db
ODD = [
    "0",
    "99999999999999999999999999",
    "%00",
    "'; DROP TABLE entry; --",
    "＜script＞",
    "🙂" * 40,
    "../../etc/passwd",
    "a" * 3000,
]


@pytest.fixture
def clients(db):
    from xiaoneng.people.models import Account

    with time_machine.at(moment("2026-03-23", "10:24")):
        where = build.city()
        found = [Client(raise_request_exception=False)]
        three = [
            build.holder(where.department, who, f"{who}_administrator", True) for who in ("system", "security", "audit")
        ]
        for actor in (where.citizen, where.clerk, where.supervisor, *three):
            client = Client(raise_request_exception=False)
            client.force_login(Account.objects.get(pk=actor.account))
            found.append(client)
        yield found


ADMINISTRATORS = 4  # from this place on, the clients are those of the three; elsewhere they are staff like others
KEY = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e51"  # a whole one, so that what lies behind the key is reached


INSIDE = re.compile(r"<(?:(\w+):)?\w+>")


def addresses(odd: str, patterns=None, before: str = "/"):
    """Go through every address of the platform with something odd wherever it takes something."""
    for each in patterns or get_resolver().url_patterns:
        inner = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(odd, each.url_patterns, inner)
        else:
            yield INSIDE.sub(lambda found: "7" * 30 if found[1] == "int" else odd.replace("/", ""), inner)


def test_odd_addresses_and_questions_are_answered(clients):
    # Every address meets one odd thing from one of those who mostly may go there; everything meets everybody in the proof.
    shares = [list(addresses(odd))[place :: len(ODD)] for place, odd in enumerate(ODD)]
    assert sum(len(share) for share in shares) == len(list(addresses("0"))) > 300
    for place, (odd, share) in enumerate(zip(ODD, shares, strict=True)):
        for address in share:
            send_odd_things(clients[who_goes(address, place)], [address], odd)


def who_goes(address: str, place: int) -> int:
    if address.startswith("/manage"):
        return ADMINISTRATORS + place % 3
    return 2 if address.startswith(("/desk", "/till")) else 3 if address.startswith("/supervise") else place % 2


@pytest.mark.prove
@pytest.mark.parametrize("odd", ODD)
def test_odd_addresses_and_questions_are_answered_to_everybody(clients, odd):
    for place, client in enumerate(clients):
        everywhere = addresses(odd)
        send_odd_things(
            client, [each for each in everywhere if place < ADMINISTRATORS or each.startswith("/manage")], odd
        )


def send_odd_things(client, there, odd):
    failed = []
    question = dict.fromkeys(("q", "page", "light", "department", "since", "code"), odd)
    form = dict.fromkeys(("reason", "opinion", "days", "number", "code", "remove"), odd)
    for address in there:
        for answer in (client.get(address, question), client.post(address, form | {"form_key": KEY})):
            if answer.status_code >= 500:
                failed.append(f"{address}: {answer.status_code}")
    assert failed == []


def test_odd_texts_in_a_draft_are_kept_or_refused(clients):
    citizen = clients[1]
    where = build.city()
    code = build.item(where).item.code
    draft = citizen.post(f"/items/{code}/apply", {"form_key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e41"}).url
    for odd in [*ODD, "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "\u202e反转"]:
        answer = citizen.post(
            draft, {"kind": odd, "name": odd, "identity": odd, "phone": odd, "content": odd, "do": "review"}
        )
        assert answer.status_code < 500


def test_a_post_that_is_too_large_is_turned_away_unread(clients):
    answer = clients[1].generic("POST", "/login", b"x", CONTENT_LENGTH=str(200 * 1024 * 1024))
    assert answer.status_code == 413 and "100 MB" in answer.content.decode()


def test_pages_that_are_not_there_say_where_to_go(clients):
    answer = clients[0].get("/no-such-page")
    assert answer.status_code == 404 and "回首页" in answer.content.decode()
    method = clients[0].get("/logout")
    assert method.status_code == 405
