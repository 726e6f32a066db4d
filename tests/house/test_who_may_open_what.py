"""Every role on every route, generated from the addresses themselves."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import path, reverse

import build
import joint
import little_logs
import w3c
from build import moment
from xiaoneng.history import actions as history
from xiaoneng.history import reads as history_reads
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org.models import Holding
from xiaoneng.web import access
from xiaoneng.web.access import Policy

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")
POST_ONLY = {
    "public:pay",
    "public:pay_callback",
    "till:collect",
    "till:refund",
    "public:apply",
    "public:submit",
    "public:logout",
    "public:theme_apply",
    "public:joint_submit",
    "staff:move",
    "staff:save_view",
    "staff:forget_view",
    "staff:claim",
    "staff:at_once",
    "staff:account_act",
    "manage:region_remove",
    "manage:department_close",
    "manage:person_act",
    "manage:applicant_act",
    "manage:records_export",
    "manage:announcement_withdraw",
}
ENDS_THE_SESSION = {"public:logout"}
# Pages of one application: who but its own people asks is told that there is no such thing.
OF_ONE = {
    "public:draft", "public:draft_review", "public:submit", "public:supplement", "public:supply_deferred",
    "public:report_rectified", "public:withdraw", "public:file", "staff:at_once",
    "staff:case", "staff:move", "staff:claim", "staff:preview", "staff:file", "supervise:matter",
}  # fmt: skip


@pytest.fixture
def street(db, tmp_path):
    """A submitted case and a draft, with everybody who may or may not see them."""
    with time_machine.at(NOW):
        walk = build.application().received(moment("2026-03-19")).asked(moment("2026-03-20"))
        draft = build.application(walk.city, walk.version).drafted(NOW)
        elsewhere = build.city()
        people = {
            "citizen": walk.city.citizen, "stranger": walk.city.stranger, "clerk": walk.city.clerk,
            "reviewer": walk.city.reviewer, "head": walk.city.head, "supervisor": walk.city.supervisor,
            "inspector": build.holder(walk.city.department, "纪检", "discipline_inspector", everywhere=True),
            "cashier": build.holder(walk.city.department, "闻雨眠", "cashier", everywhere=True),
            "clerk elsewhere": elsewhere.clerk, "head elsewhere": elsewhere.head,
            **{who: build.holder(walk.city.department, who, f"{who}_administrator", everywhere=True) for who in ADMINISTRATORS},
        }  # fmt: skip
        step = little_logs.step("A", "2012-03-01T09:00:00+01:00")
        history.import_log(little_logs.log(tmp_path, little_logs.case("1", step)), now=lambda: NOW)
        yield walk, draft, people


NOBODYS_ORDER = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e99"
ADMINISTRATORS = ("system", "security", "audit")


def arguments(walk, draft) -> dict[str, list]:
    code, number = walk.version.item.code, walk.file.called
    document = matters.documents(walk.matter)[0].verify_code
    file = matters.attachments(walk.matter)[0].id
    return {
        "public:item": [code], "public:item_pdf": [code], "public:situation": [code],
        "public:item_flow_svg": [code], "public:item_flow_bpmn": [code],
        **past(), "public:evidence_proof": ["0" * 64],
        "public:apply": [code], "public:draft": [draft.matter], "public:draft_review": [draft.matter],
        "public:submit": [draft.matter], "public:supplement": [walk.matter], "public:supply_deferred": [walk.matter],
        "public:report_rectified": [walk.matter], "public:withdraw": [walk.matter],
        "public:file": [walk.matter, file], "public:receipt": [number], "public:progress": [number],
        "public:notice": [document], "public:notice_pdf": [document], "staff:intake_item": [code], "staff:case": [number],
        "staff:move": [number, "review"], "staff:claim": [number], "staff:at_once": [number], "staff:preview": [number, "review"],
        "staff:file": [number, file], "staff:forget_view": [1], "staff:bulk_move": ["review"],
        "supervise:matter": [number], "supervise:any_matter": [walk.matter], "supervise:issue": [number],
        "supervise:issued": [issued_about(walk)],
        "supervise:finding": [found_about(walk)], "supervise:finding_propose": [found_about(walk)],
        "supervise:finding_card": [found_about(walk)],
        "supervise:accumulation": ["A-RED-1"],
        "supervise:propose": [issued_about(walk)], "supervise:record": [record_about(walk)],
        "lists:import": [1], "lists:round": [1], "lists:compilation": [1], "lists:sheet": [1], "lists:item": [1, 1],
        "lists:comparison": [1], "lists:behind": ["stationed"], "lists:register": ["kinds"],
        "powers:item": [code], "powers:compare": [code], "powers:data": ["json"],
        "powers:notice": [1],
        "public:certificate": ["ABCDEFGHJKMN"], "public:fee": [1], "public:pay": [1], "public:test_bank": [NOBODYS_ORDER],
        "public:pay_callback": ["test"], "staff:certificate": ["ABCDEFGHJKMN"], "staff:fees": [number],
        "staff:whole": [number], "staff:draft": [number, "review"], "till:charge": [1], "till:collect": [1],
        "till:refund": [1],
        "public:announcement": [announced()], "manage:announcement_withdraw": [announced()],
        "staff:account": [walk.city.citizen.account], "staff:account_act": [walk.city.citizen.account, "end"],
        "staff:account_slip": [NOBODYS_ORDER],
        "account:unmask": [number], **places_to_manage(walk), **things_together(),
    }  # fmt: skip


def issued_about(walk) -> str:
    """Name a card about the case, issued now."""
    from xiaoneng.supervision import cards, models

    if not models.Card.objects.exists():
        cards.issue(walk.matter, "V-OTHER", by=walk.city.supervisor, at=NOW, grounds="抽查发现")
    return models.Card.objects.get().matter.number


def found_about(walk) -> str:
    """Name a finding that the department is asked about."""
    from uuid import UUID

    from xiaoneng.supervision import models
    from xiaoneng.supervision.findings import actions

    if not models.Finding.objects.exists():
        key, where = UUID(NOBODYS_ORDER), walk.city.department.pk
        moved = actions.find_by_hand("patrol", where, note="窗口无人", by=walk.city.supervisor, at=NOW, key=key)
        actions.ask(moved.matter, wants="请说明", by=walk.city.supervisor, at=NOW)
    return models.Finding.objects.get().matter.number


def record_about(walk) -> str:
    """Name a record of accountability about the reviewer."""
    from xiaoneng.supervision import accountability, models

    if not models.Accountability.objects.exists():
        about = {"person": walk.city.reviewer.account, "department": walk.city.department.pk, "reason": "查实"}
        accountability.propose("complaint", 1, "", by=walk.city.supervisor, at=NOW, **about)
    return models.Accountability.objects.get().matter.number


def past() -> dict[str, list]:
    """Name the imported log and its case."""
    log = history_reads.logs()[0]
    case = history_reads.cases(log.id).get()
    return {
        "supervise:history_log": [log.id], "supervise:history_cases": [log.id],
        "supervise:history_case": [log.id, case.matter_id],
    }  # fmt: skip


def things_together() -> dict[str, list]:
    """Name a theme, a joint case of others that awaits its supplement, its draft, and a project with its agent."""
    from xiaoneng.approval.agency import actions, reads
    from xiaoneng.approval.joint import accepting

    case = joint.project({1: [], 2: []}).received(NOW)
    case.do(accepting.request_correction, NOW, case.lead.clerk, lacks=[accepting.Lack("平面图", "", "")])
    draft = joint.project({1: []}).drafted(NOW)
    build.holder(case.lead.department, "帮办", "agency_service")
    asked = actions.request(
        project=actions.Project("新厂", investment=9000), form=build.FORM, by=case.lead.citizen, at=NOW, key=None,
        thresholds={"capital": 500, "investment": 5000},
    )  # fmt: skip
    number, project = case.file.called, reads.load(asked.matter).called
    return {
        "public:theme": [case.theme.code], "public:theme_apply": [case.theme.code], "public:joint_draft": [draft.matter],
        "public:joint_review": [draft.matter], "public:joint_submit": [draft.matter],
        "public:joint_supplement": [case.matter], "public:joint_withdraw": [case.matter], "public:joint": [number],
        "public:agency_case": [project], "staff:joint": [number], "staff:joint_move": [number, "accept"],
        "staff:project": [project], "staff:project_move": [project, "tick"], "lists:theme": [case.theme.code],
        "staff:joint_intake": [case.theme.code],
    }  # fmt: skip


def announced() -> int:
    """Give an announcement of today."""
    from xiaoneng.org.models import Announcement

    days = {"since": NOW.date(), "until": NOW.date(), "made_at": NOW}
    return Announcement.objects.get_or_create(title="周六开门", defaults={"text": "照常。", "office": "局", **days})[
        0
    ].pk


def places_to_manage(walk) -> dict[str, list]:
    """Name something to look at for each page of administration."""
    clerk, region = walk.city.clerk.account, walk.city.department.region
    held = Holding.objects.get(account_id=clerk)
    return {
        "manage:region_new": ["window"], "manage:region": ["region", region.pk], "manage:hours": [region.pk],
        "manage:region_remove": ["region", region.pk], "manage:department_close": [walk.city.department.pk],
        "manage:applicant": [walk.city.citizen.account], "manage:applicant_act": [walk.city.citizen.account, "disable"],
        "manage:person": [clerk], "manage:grant": [clerk],
        "manage:password_given": [clerk], "manage:person_act": [clerk, "disable"], "manage:holding": [held.pk],
        "manage:year": [region.calendar_id, 2026], "manage:year_edit": [region.calendar_id, 2026],
    }  # fmt: skip


def client_of(actor) -> Client:
    from xiaoneng.people.models import Account

    client = Client()
    if actor is not None:
        client.force_login(Account.objects.get(pk=actor.account))
    return client


def ask(client, name, where, seen) -> int:
    """Open a page and return the status; what was seen is kept, once for each kind of answer."""
    address = reverse(name, args=where.get(name, []))
    form = {"form_key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e99"}
    answer = client.post(address, form) if name in POST_ONLY else client.get(address)
    if answer.streaming:
        list(answer.streaming_content)  # to its end, which closes the file
    elif answer.content and answer["Content-Type"].startswith("text/html"):
        seen.setdefault(f"{name} {answer.status_code} {len(answer.content) // 500}", answer.content.decode())
    return answer.status_code


CITIZENS, STAFF = (
    {"citizen", "stranger"},
    {
        "clerk",
        "reviewer",
        "head",
        "supervisor",
        "inspector",
        "clerk elsewhere",
        "head elsewhere",
        "cashier",
        *ADMINISTRATORS,
    },
)
LET_IN = {
    Policy.PUBLIC: CITIZENS | STAFF, Policy.SIGNED_IN: CITIZENS | STAFF, Policy.CITIZEN: CITIZENS, Policy.STAFF: STAFF,
    Policy.SUPERVISOR: {"supervisor"}, Policy.CASHIER: {"cashier"}, Policy.OVERSIGHT: {"supervisor", "inspector"},
    Policy.BOARD: {"supervisor", "inspector"},
    Policy.ADMINISTRATOR: set(ADMINISTRATORS),
    Policy.SYSTEM_ADMINISTRATOR: {"system"}, Policy.SECURITY_ADMINISTRATOR: {"security"}, Policy.AUDIT_ADMINISTRATOR: {"audit"},
}  # fmt: skip
OWN = {
    **dict.fromkeys(
        ("public:joint_draft", "public:joint_review", "public:joint_submit", "public:joint_supplement", "public:joint_withdraw"),
        frozenset(),
    ),  # of a stranger to this street
    **dict.fromkeys(
        ("staff:joint", "staff:joint_move", "staff:project", "staff:project_move", "public:agency_case"), frozenset({"supervisor"})
    ),
    # Nothing was charged here and no certificate was issued: there is nothing to open.
    "public:certificate": set(), "public:fee": set(), "public:pay": set(), "public:test_bank": set(),
    "staff:certificate": set(), "till:charge": set(), "till:collect": set(), "till:refund": set(),
    "staff:fees": {"clerk", "reviewer", "head", "supervisor"}, "staff:whole": {"clerk", "reviewer", "head", "supervisor"},
    "staff:draft": {"clerk", "reviewer", "head", "supervisor"},
    "staff:account_slip": set(),  # whoever gave the password out sees it; nobody did
    "public:evidence_proof": set(),  # of an entry that stands in the log; no entry has this hash
    "powers:notice": set(),  # of a list that is under public notice; this one is not
    "public:draft": {"citizen"}, "public:draft_review": {"citizen"}, "public:submit": {"citizen"},
    "public:supplement": {"citizen"}, "public:supply_deferred": {"citizen"},
    "public:report_rectified": {"citizen"}, "public:withdraw": {"citizen"},
    "public:file": {"citizen", "clerk", "reviewer", "head", "supervisor"},
    "staff:case": {"clerk", "reviewer", "head", "supervisor"}, "staff:move": {"clerk", "reviewer", "head", "supervisor"},
    "staff:at_once": {"clerk", "reviewer", "head", "supervisor"},
    "staff:claim": {"clerk", "reviewer", "head", "supervisor"}, "staff:file": {"clerk", "reviewer", "head", "supervisor"},
    "staff:preview": {"clerk", "reviewer", "head", "supervisor"},
    "supervise:issued": {"clerk", "reviewer", "head", "supervisor", "inspector"},
    "supervise:finding": {"clerk", "reviewer", "head", "supervisor", "inspector"},
    "supervise:finding_new": {"head", "supervisor", "head elsewhere"},
    "supervise:record": {"reviewer", "head", "supervisor", "inspector"},
    "supervise:matter": {"supervisor", "inspector"}, "supervise:any_matter": {"supervisor", "inspector"},
    "account:unmask": {"clerk", "reviewer", "head", "supervisor"},
    # The auditor reads the record of what the two others do, and none of their pages.
    "manage:people": {"system", "security"}, "manage:person": {"system", "security"}, "manage:settings": {"system", "security"},
    "manage:person_act": {"system", "security"}, "manage:password_given": {"system", "security"},
}  # fmt: skip


def in_turn(everybody, place, n):
    """Take some of the people, at every place others; all of them where no number is named."""
    if n is None or len(everybody) <= n:
        return everybody
    return [everybody[(place * n + each) % len(everybody)] for each in range(n)]


def test_nobody_opens_what_is_not_his_and_what_everybody_opens_is_sound(street, tmp_path):
    seen: dict[str, str] = {}
    assert wrongly_opened(street, seen, most=4) == []
    assert w3c.complaints(seen, tmp_path) == {}


@pytest.mark.prove
def test_nobody_at_all_opens_what_is_not_his_and_everybody_opens_what_is(street, tmp_path):
    seen: dict[str, str] = {}
    assert wrongly_opened(street, seen, most=None) == []
    assert w3c.complaints(seen, tmp_path) == {}


def wrongly_opened(street, seen, most: int | None) -> list[str]:
    """Have people try every page, and return what was not as it should be.

    :param most: so many of those who may open a page and so many of those who may not, at every page others.
    """
    walk, draft, people = street
    where = arguments(walk, draft)
    hands = {who: client_of(actor) for who, actor in people.items()}
    wrong: list[str] = []
    for place, (name, route) in enumerate(access.routes()):
        if route.callback.policy is Policy.TOKEN:  # its door is tried with tokens, by the tests of the API
            continue
        allowed = LET_IN[route.callback.policy] & OWN.get(name, CITIZENS | STAFF)
        open_to_all = route.callback.policy is Policy.PUBLIC and name not in OWN
        within = in_turn([who for who in hands if who in allowed], place, 2 if open_to_all or most else most)
        without = in_turn([who for who in hands if who not in allowed], place, most)
        for who in (*within, *without):
            hand = client_of(people[who]) if name in ENDS_THE_SESSION else hands[who]
            status = ask(hand, name, where, seen)
            fits = status != 404 if who in allowed else status == 404
            if not fits or status >= 500:
                wrong.append(f"{who} on {name}: {status}")
        anonymous = ask(client_of(None), name, where, seen)
        if route.callback.policy is not Policy.PUBLIC and anonymous != 302:
            wrong.append(f"anonymous on {name}: {anonymous}")
    return wrong


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
