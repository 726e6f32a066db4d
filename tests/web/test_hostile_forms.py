"""Every form of every page, filled in with what no person would: no answer is an error of ours, each says what to do."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import build
import ground
from build import moment
from xiaoneng.jobs import database, time_machine
from xiaoneng.people.models import Account
from xiaoneng.supervision import actions as supervision

NOW = moment("2026-03-23", "10:24")
# Forms that are sent, and pages that each visitor looks at for them.
SOME, FEW_PAGES = 150, 26
MANY, MANY_PAGES = 9000, 120
HOSTILE = [
    "", " ", "0", "-1", "1e309", "NaN", "9" * 30, "\x00", "a\x00b", "\ud800", "‮反转", "'; DROP TABLE entry; --",
    "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "../../etc/passwd", "％００", "🙂" * 300, "字" * 5000, "[]",
    "{}", "null", "true", "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "25:61", "2026-03-23T10:24", "1,2,3", "٣",
    "1\r\nSet-Cookie: a=b", "%s%n", "\u2028", "𝟙", "a" * 200_000,
]  # fmt: skip


@dataclass
class Form:
    """A form as it stands on a page: where it goes, what it carries, which fields take files."""

    page: str
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def kind(self) -> tuple:
        return (
            re.sub(r"[0-9]{3,}|[A-Z0-9]{12,}", "#", self.action),
            self.method,
            tuple(sorted({n for n, _ in self.fields})),
        )


class Reader(HTMLParser):
    """Reads the links and the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.links, self.forms, self.open = page, [], [], None

    def handle_starttag(self, tag: str, attrs) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "a" and held.get("href", "").startswith("/"):
            self.links.append(held["href"].split("#")[0])
        elif tag == "form":
            self.open = Form(self.page, held.get("action") or self.page, held.get("method", "get").upper())
            self.forms.append(self.open)
        elif self.open is not None and held.get("name") and tag in ("input", "textarea", "select", "button"):
            if held.get("type") == "file":
                self.open.files.append(held["name"])
            elif held["name"] != "csrfmiddlewaretoken":
                self.open.fields.append((held["name"], held.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """Lay a city of its own, in which what is sent stays."""
    name = f"{settings.DATABASE_NAME}_hostile"
    with django_db_blocker.unblock():
        ground.make(name)
        with ground.pointed_at(name), time_machine.at(NOW):
            yield inhabited()
        database.drop(name)


def inhabited() -> dict[str, int | None]:
    where = build.city()
    version = build.item(where)
    build.application(where, version).drafted(NOW)
    build.application(where, version).received(moment("2026-03-20"))
    build.application(where, version).received(moment("2026-03-19")).asked(moment("2026-03-20"))
    accepted = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    build.application(where, version).received(moment("2026-03-19")).accepted(moment("2026-03-20"))
    accepted.suspended(moment("2026-03-09"))
    supervision.record_red_lights(lambda: NOW)
    three = {
        who: build.holder(where.department, who, f"{who}_administrator", everywhere=True).account
        for who in ("system", "security", "audit")
    }
    people = ("citizen", "clerk", "reviewer", "head", "supervisor")
    return {"nobody": None, **{who: getattr(where, who).account for who in people}, **three}


def visitor(account: int | None) -> Client:
    client = Client(raise_request_exception=False)
    if account is not None:
        Account.objects.filter(pk=account).update(is_active=True)
        client.force_login(Account.objects.get(pk=account))
    return client


def forms_of(client: Client, most: int) -> list[Form]:
    """Walk through so many pages from every start and return each kind of form once."""
    waiting, seen, found = ["/", "/mine", "/desk/", "/supervise/", "/manage/", "/account/tokens", "/login"], set(), {}
    while waiting and len(seen) < most:
        page = waiting.pop(0)
        path, _, query = page.partition("?")
        shape = re.sub(r"[0-9]+|[A-Z0-9]{12,}", "#", path) + "?" + "&".join(sorted(re.findall(r"(\w+)=", query)))
        if shape in seen:
            continue
        seen.add(shape)
        answer = client.get(page)
        if answer.streaming or "text/html" not in answer.get("Content-Type", "") or answer.status_code >= 300:
            if answer.streaming:
                list(answer.streaming_content)
            continue
        reader = Reader(page)
        reader.feed(answer.content.decode())
        waiting += reader.links
        for form in reader.forms:
            found.setdefault(form.kind, form)
    return list(found.values())


def hostile_file(chance: random.Random) -> SimpleUploadedFile:
    contents = [
        b"", b"\x00" * 100, b"MZ\x90\x00", b"%PDF-1.7\n%%EOF", b"PK\x03\x04" + b"\xff" * 50, b"\x89PNG\r\n\x1a\n",
        b"<svg onload=1>", b"\xff\xd8\xff\xe0" + b"\x00" * 2000, build.picture().getvalue(), b"a" * 3_000_000,
    ]  # fmt: skip
    names = [
        "a.png",
        "../../x.pdf",
        "con.pdf",
        "字" * 200 + ".pdf",
        "a.exe",
        "",
        "a\x00.png",
        "‮fdp.exe",
        "a" * 500 + ".png",
    ]
    return SimpleUploadedFile(chance.choice(names) or "x", chance.choice(contents))


def spoilt(form: Form, chance: random.Random) -> dict[str, list]:
    """Fill in a form, with some of it dropped, doubled or hostile, at times with a field that nobody asked for."""
    sent: dict[str, list] = {}
    for name, value in form.fields:
        what = chance.random()
        if what < 0.08 and name != "form_key":
            continue
        kept = what < 0.5 or (name in ("form_key", "do") and what < 0.9)
        sent.setdefault(name, []).append(value if kept else chance.choice(HOSTILE))
    if sent.get("form_key", [""])[0] and chance.random() < 0.7:
        sent["form_key"] = [str(uuid4())]
    for name in form.files:
        if chance.random() < 0.5:
            sent[name] = [hostile_file(chance) for _ in range(chance.choice((1, 1, 2)))]
    if chance.random() < 0.1:
        sent[chance.choice(("is_active", "id", "__proto__", "字段", "page", "remove", "next"))] = [
            chance.choice(HOSTILE)
        ]
    return sent


def well_formed(answer) -> bool:
    """Tell whether a refusal is one that a person can read, or a program."""
    kind, text = answer.get("Content-Type", ""), answer.content.decode()
    if "json" in kind:
        return bool(answer.json())
    if "text/html" in kind:
        return bool(text.strip()) and "Traceback" not in text
    return answer.status_code in (404, 405) or bool(text.strip())


def send(client: Client, form: Form, chance: random.Random):
    sent = spoilt(form, chance)
    action = (
        form.action if chance.random() < 0.9 else form.action.rstrip("/") + "/" + chance.choice(("x", "%00", "9" * 25))
    )
    if form.method == "GET":
        plain = {
            name: [str(each)[:2000].encode("utf-8", "replace").decode() for each in held] for name, held in sent.items()
        }
        return client.get(action, plain)
    if form.files or chance.random() < 0.3:
        plain = {
            name: [each if not isinstance(each, str) else each.encode("utf-8", "replace").decode() for each in held]
            for name, held in sent.items()
        }
        return client.post(action, plain)
    body = "&".join(f"{name}={raw(value)}" for name, held in sent.items() for value in held)
    return client.generic("POST", action, body.encode(), content_type="application/x-www-form-urlencoded")


def raw(value) -> str:
    """Write a value as a hostile client would, half a surrogate pair and bytes that are no UTF-8 among it."""
    from urllib.parse import quote

    text = str(value)
    return quote(text.encode("utf-8", "surrogatepass"))


def sent_to_every_form(city, times: int, pages: int, seed: int) -> tuple[int, list[str]]:
    """Send that many spoilt forms, each visitor in turn, and return how many kinds there were and what went wrong."""
    chance, wrong, visitors, kinds = random.Random(seed), [], {}, set()
    for who, account in city.items():
        forms = forms_of(visitor(account), pages)
        visitors[who] = [form for form in forms if "logout" not in form.action]
        kinds |= {form.kind for form in visitors[who]}
    for _ in range(times):
        who = chance.choice(list(city))
        form = chance.choice(visitors[who])
        answer = send(visitor(city[who]), form, chance)  # who was signed out by a form before comes in again
        if answer.streaming:
            list(answer.streaming_content)
        elif answer.status_code >= 500 or (answer.status_code >= 400 and not well_formed(answer)):
            wrong.append(f"{answer.status_code}: {who} at {form.action} of {form.page}")
    return len(kinds), wrong


def test_spoilt_forms_are_answered(city):
    kinds, wrong = sent_to_every_form(city, SOME, FEW_PAGES, seed=7)
    assert kinds > 25 and wrong == []


@pytest.mark.prove
def test_thousands_of_spoilt_forms_are_answered(city):
    kinds, wrong = sent_to_every_form(city, MANY, MANY_PAGES, seed=2026)
    assert kinds > 25 and wrong == []
