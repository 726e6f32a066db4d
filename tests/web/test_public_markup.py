"""Every public page, empty and full, is sound HTML; and the reader that says so sees what is not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from markup import complaints

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.web import access
from xiaoneng.web.access import Policy

NOW = moment("2026-03-23", "10:24")
# Addresses that answer with no page of ours, or only to a post.
NO_PAGES = {
    "public:health", "public:metrics", "public:large_print", "public:logout", "public:item_pdf", "public:notice_pdf",
    "public:suggest", "public:screen_now",
}  # fmt: skip
HOLDS = "<!doctype html><html lang='zh'><head><title>x</title></head><body><main><h1>y</h1>{}</main></body></html>"


@pytest.fixture
def street(db):
    with time_machine.at(NOW):
        walk = build.application().received(moment("2026-03-19")).accepted(moment("2026-03-20"))
        other = build.application(walk.city, walk.version).received(moment("2026-03-19")).asked(moment("2026-03-20"))
        yield walk, other


def client_of(actor) -> Client:
    from xiaoneng.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def addresses(walk, other) -> list[str]:
    code, number = walk.version.item.code, walk.file.called
    document = matters.documents(walk.matter)[0].verify_code
    known = {
        "public:item": [code], "public:receipt": [number], "public:progress": [number], "public:notice": [document],
        "public:supplement": [other.matter], "public:withdraw": [other.matter],
    }  # fmt: skip
    found = []
    for name, route in access.routes():
        if not name.startswith("public:") or name in NO_PAGES or route.callback.policy is not Policy.PUBLIC:
            continue
        if ":" in str(route.pattern) and name not in known:
            continue
        found.append(reverse(name, args=known.get(name, [])))
    searches = [
        "q=燃气",
        "q=气",
        "q=zzzzq",
        "q=燃汽经营许可",
        "who=person",
        "department=999999",
        "level=9&page=99",
        'q="<b>&',
        "q=许可&online=1",
    ]
    return [
        *found,
        *(f"/search?{each}" for each in searches),
        f"/verify?code={document}",
        "/verify?code=AAAA",
        "/nosuch",
    ]


def test_every_public_page_is_sound(street):
    walk, other = street
    wrong = {}
    for client in (Client(), client_of(walk.city.citizen)):
        for address in addresses(walk, other):
            answer = client.get(address)
            assert answer.status_code < 500, address
            if answer.status_code == 302 or not answer["Content-Type"].startswith("text/html"):
                continue
            found = complaints(answer.content.decode())
            if found:
                wrong[address] = found
    assert wrong == {}


def test_the_pages_of_an_empty_city_are_sound(db):
    with time_machine.at(NOW):
        for address in ("/", "/search", "/today", "/search?q=气"):
            answer = Client().get(address)
            assert answer.status_code == 200 and complaints(answer.content.decode()) == [], address


@pytest.mark.parametrize(
    "broken",
    [
        "<p><div></div></p>", "<ul><p>a</p></ul>", "<b id='a'></b><b id='a'></b>", "<a href='/'><button>x</button></a>",
        "<h3>x</h3>",
        "<b><i></b></i>", "<label for='nobody'>x</label>", "<input hx-get='/'>", "<p style='color:red'>x</p>",
        "<div/>", "<blink>x</blink>",
        "<table><tbody><td>x</td></tbody></table>", "<a href='/a b'>x</a>", "<img src='/x'>", "<ul>x</ul>", "<h1>z</h1>", "<div>",
    ],
)  # fmt: skip
def test_what_is_unsound_is_seen(broken):
    assert complaints(HOLDS.format(broken)) != []
    assert complaints(HOLDS.format("<p>x</p>")) == []
