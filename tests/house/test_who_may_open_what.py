"""Every role on every route, generated from the addresses themselves."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import path, reverse

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org.models import Holding
from xiaoneng.web import access
from xiaoneng.web.access import Policy

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")
POST_ONLY = {
    "public:apply",
    "public:submit",
    "public:logout",
    "staff:move",
    "staff:save_view",
    "staff:forget_view",
    "staff:claim",
    "manage:region_remove",
    "manage:person_act",
    "manage:records_export",
}
# Pages of one application: who but its own people asks is told that there is no such thing.
OF_ONE = {
    "public:draft", "public:draft_review", "public:submit", "public:supplement", "public:withdraw", "public:file",
    "staff:case", "staff:move", "staff:claim", "staff:preview", "staff:file", "supervise:matter",
}  # fmt: skip


@pytest.fixture
def street(db):
    """A submitted case and a draft, with everybody who may or may not see them."""
    with time_machine.at(NOW):
        walk = build.application().received(moment("2026-03-19")).asked(moment("2026-03-20"))
        draft = build.application(walk.city, walk.version).drafted(NOW)
        elsewhere = build.city()
        people = {
            "citizen": walk.city.citizen, "stranger": walk.city.stranger, "clerk": walk.city.clerk,
            "reviewer": walk.city.reviewer, "head": walk.city.head, "supervisor": walk.city.supervisor,
            "clerk elsewhere": elsewhere.clerk, "head elsewhere": elsewhere.head,
            **{who: build.holder(walk.city.department, who, f"{who}_administrator", everywhere=True) for who in ADMINISTRATORS},
        }  # fmt: skip
        yield walk, draft, people


ADMINISTRATORS = ("system", "security", "audit")


def arguments(walk, draft) -> dict[str, list]:
    code, number = walk.version.item.code, walk.file.called
    document = matters.documents(walk.matter)[0].verify_code
    file = matters.attachments(walk.matter)[0].id
    return {
        "public:item": [code], "public:item_pdf": [code], "public:evidence_proof": ["0" * 64],
        "public:apply": [code], "public:draft": [draft.matter], "public:draft_review": [draft.matter],
        "public:submit": [draft.matter], "public:supplement": [walk.matter], "public:withdraw": [walk.matter],
        "public:file": [walk.matter, file], "public:receipt": [number], "public:progress": [number],
        "public:notice": [document], "public:notice_pdf": [document], "staff:intake_item": [code], "staff:case": [number],
        "staff:move": [number, "review"], "staff:claim": [number], "staff:preview": [number, "review"],
        "staff:file": [number, file], "staff:forget_view": [1], "staff:bulk_move": ["review"],
        "supervise:matter": [number],
        "lists:import": [1], "lists:round": [1], "lists:compilation": [1], "lists:sheet": [1], "lists:item": [1, 1],
        "lists:comparison": [1], "powers:item": [code], "powers:compare": [code], "powers:data": ["json"],
        "powers:notice": [1],
        "account:unmask": [number], **places_to_manage(walk),
    }  # fmt: skip


def places_to_manage(walk) -> dict[str, list]:
    """Name something to look at for each page of administration."""
    clerk, region = walk.city.clerk.account, walk.city.department.region
    held = Holding.objects.get(account_id=clerk)
    return {
        "manage:region_new": ["window"], "manage:region": ["region", region.pk], "manage:hours": [region.pk],
        "manage:region_remove": ["region", region.pk], "manage:person": [clerk], "manage:grant": [clerk],
        "manage:password_given": [clerk], "manage:person_act": [clerk, "disable"], "manage:holding": [held.pk],
        "manage:year": [region.calendar_id, 2026], "manage:year_edit": [region.calendar_id, 2026],
    }  # fmt: skip


def client_of(actor) -> Client:
    from xiaoneng.people.models import Account

    client = Client()
    if actor is not None:
        client.force_login(Account.objects.get(pk=actor.account))
    return client


def ask(client, name, where) -> int:
    address = reverse(name, args=where.get(name, []))
    form = {"form_key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e99"}
    answer = client.post(address, form) if name in POST_ONLY else client.get(address)
    if answer.streaming:
        list(answer.streaming_content)  # to its end, which closes the file
    return answer.status_code


CITIZENS, STAFF = (
    {"citizen", "stranger"},
    {"clerk", "reviewer", "head", "supervisor", "clerk elsewhere", "head elsewhere", *ADMINISTRATORS},
)
LET_IN = {
    Policy.PUBLIC: CITIZENS | STAFF, Policy.SIGNED_IN: CITIZENS | STAFF, Policy.CITIZEN: CITIZENS, Policy.STAFF: STAFF,
    Policy.SUPERVISOR: {"supervisor"}, Policy.ADMINISTRATOR: set(ADMINISTRATORS),
    Policy.SYSTEM_ADMINISTRATOR: {"system"}, Policy.SECURITY_ADMINISTRATOR: {"security"}, Policy.AUDIT_ADMINISTRATOR: {"audit"},
}  # fmt: skip
OWN = {
    "public:evidence_proof": set(),  # of an entry that stands in the log; no entry has this hash
    "powers:notice": set(),  # of a list that is under public notice; this one is not
    "public:draft": {"citizen"}, "public:draft_review": {"citizen"}, "public:submit": {"citizen"},
    "public:supplement": {"citizen"}, "public:withdraw": {"citizen"},
    "public:file": {"citizen", "clerk", "reviewer", "head", "supervisor"},
    "staff:case": {"clerk", "reviewer", "head", "supervisor"}, "staff:move": {"clerk", "reviewer", "head", "supervisor"},
    "staff:claim": {"clerk", "reviewer", "head", "supervisor"}, "staff:file": {"clerk", "reviewer", "head", "supervisor"},
    "staff:preview": {"clerk", "reviewer", "head", "supervisor"},
    "supervise:matter": {"supervisor"}, "account:unmask": {"clerk", "reviewer", "head", "supervisor"},
    # The auditor reads the record of what the two others do, and none of their pages.
    "manage:people": {"system", "security"}, "manage:person": {"system", "security"}, "manage:settings": {"system", "security"},
    "manage:person_act": {"system", "security"}, "manage:password_given": {"system", "security"},
}  # fmt: skip


def test_nobody_opens_what_is_not_his_and_everybody_opens_what_is(street):
    walk, draft, people = street
    where = arguments(walk, draft)
    wrong = []
    for name, route in access.routes():
        if route.callback.policy is Policy.TOKEN:  # its door is tried with tokens, by the tests of the API
            continue
        allowed = LET_IN[route.callback.policy] & OWN.get(name, CITIZENS | STAFF)
        for who, actor in people.items():
            status = ask(client_of(actor), name, where)
            fits = status != 404 if who in allowed else status == 404
            if not fits or status >= 500:
                wrong.append(f"{who} on {name}: {status}")
        anonymous = ask(client_of(None), name, where)
        if route.callback.policy is not Policy.PUBLIC and anonymous != 302:
            wrong.append(f"anonymous on {name}: {anonymous}")
    assert wrong == []


def test_a_route_without_a_policy_keeps_the_server_from_starting(monkeypatch):
    from xiaoneng.config import urls

    access.require_policies()
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("bare", lambda request: None, name="bare")])
    monkeypatch.setattr(access, "get_resolver", lambda: type("Resolver", (), {"url_patterns": urls.urlpatterns}))
    with pytest.raises(ImproperlyConfigured, match="bare"):
        access.require_policies()


def test_a_disabled_account_is_out_at_once(street):
    from xiaoneng.people.models import Account

    walk, _, _ = street
    client = client_of(walk.city.clerk)
    assert client.get("/desk/").status_code == 200
    Account.objects.filter(pk=walk.city.clerk.account).update(is_active=False)
    assert client.get("/desk/").status_code == 302


def test_a_raised_epoch_ends_every_session(street):
    from xiaoneng.people.models import Account

    walk, _, _ = street
    client = client_of(walk.city.clerk)
    Account.objects.filter(pk=walk.city.clerk.account).update(session_epoch=1)
    assert client.get("/desk/").status_code == 302
