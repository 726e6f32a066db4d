"""Pages full, empty and refusing are sound HTML to the W3C's validator; that every route's are is proven with its door."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.test import Client

import build
import w3c
from build import moment
from xiaoneng.approval import reads
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account

NOW = moment("2026-03-23", "10:24")
KEY = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e41"
UNSOUND = [
    "<p><div></div></p>", "<ul><p>a</p></ul>", "<b id='a'></b><b id='a'></b>", "<a href='/'><button>x</button></a>",
    "<h3>x</h3>", "<b><i></b></i>", "<label for='nobody'>x</label>", "<input hx-get='/'>", "<p style='color:red'>x</p>",
    "<div/>", "<blink>x</blink>", "<table><tbody><td>x</td></tbody></table>", "<a href='/a b'>x</a>", "<img src='/x'>",
    "<ul>x</ul>", "<h1>z</h1>", "<div>", "<main></main>", "<section><p>x</p></section>", "<i aria-describedby='nobody'></i>",
]  # fmt: skip


def client_of(actor) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def searched() -> dict[str, str]:
    asked = ["q=燃气", "q=气", "q=zzzzq", "q=燃汽经营许可", "who=person", "department=999999", "level=9&page=99",
             'q="<b>&', "q=许可&online=1"]  # fmt: skip
    return {each: Client().get(f"/search?{each}").content.decode() for each in asked}


def refusing(walk) -> dict[str, str]:
    """Collect the pages on which somebody is told what went wrong."""
    nobody, citizen, clerk = (
        Client(raise_request_exception=False),
        *map(client_of, (walk.city.citizen, walk.city.clerk)),
    )
    door = Client(enforce_csrf_checks=True)
    draft = citizen.post(f"/items/{walk.version.item.code}/apply", {"form_key": KEY}).url
    intake = f"/desk/intake/{walk.version.item.code}"
    answers = {
        400: nobody.get("/search?q=%00"), 403: door.post("/login", {}), 404: nobody.get("/nosuch"), 405: nobody.get("/logout"),
        413: nobody.generic("POST", "/login", b"x", CONTENT_LENGTH=str(200 * 1024 * 1024)),
        409: clerk.post(f"/desk/cases/{walk.file.number}/accept", {"form_key": KEY}),
    }  # fmt: skip
    assert {status: answer.status_code for status, answer in answers.items()} == {each: each for each in answers}
    forms = {
        "login": nobody.post("/login", {"username": "x", "password": "y"}),
        "code": nobody.post("/progress", {"number": walk.file.number, "code": "AAAAAAAA"}),
        "draft": citizen.post(draft, {"kind": "x", "phone": "1", "do": "review"}, follow=True),
        "intake": clerk.post(intake, {"form_key": KEY, "kind": "person", "phone": "1"}),
    }
    assert all('role="alert"' in answer.content.decode() for answer in forms.values())
    away = render_to_string("public/away.html", {"title": "系统正在恢复", "text": "请过几秒再试", "status": 503})
    return {str(name): answer.content.decode() for name, answer in (answers | forms).items()} | {"away": away}


def test_pages_empty_full_and_refusing_are_sound_and_what_is_unsound_is_seen(db, tmp_path):
    with time_machine.at(NOW):
        empty = {f"empty {each}": Client().get(each).content.decode() for each in ("/", "/search", "/today", "/themes")}
        walk = build.application().received(moment("2026-03-19")).accepted(moment("2026-03-20"))
        document = matters.documents(walk.matter)[0].verify_code
        proven = Client()
        proven.post("/progress", {"number": walk.file.number, "code": reads.query_code(walk.file)})
        told = ("/progress/" + walk.file.number, f"/verify?code={document}", "/verify?code=AAAA")
        pages = {each: proven.get(each).content.decode() for each in told} | searched() | refusing(walk)
    planted = {each: w3c.AROUND.format(each) for each in UNSOUND}
    found = w3c.complaints(empty | pages | planted, tmp_path)
    assert [(name, said) for name, said in found.items() if name not in planted] == []
    assert planted.keys() - found.keys() == set()
