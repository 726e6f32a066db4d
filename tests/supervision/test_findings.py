"""A finding is asked about, explained, and decided by a supervisor; what people find themselves; samples drawn again."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

import build
from build import moment
from xiaoneng.approval.actions import special
from xiaoneng.jobs import time_machine
from xiaoneng.matters.models import Entry, Matter
from xiaoneng.org.reads import Reach
from xiaoneng.people.models import Account
from xiaoneng.rules.findings import rule, stands_out
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.supervision import models
from xiaoneng.supervision.findings import actions, detect, draws, reads

pytestmark = pytest.mark.django_db
EVERYWHERE = Reach(True, frozenset())
DUE_SOON = moment("2026-03-12", "09:30")


def do(action, at, *given, by, **more):
    with time_machine.at(at):
        return action(*given, by=by, at=at, **more)


@pytest.fixture
def trick():
    """A case whose clock was stopped on its last day, and found by the platform."""
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    walk.do(special.suspend, DUE_SOON, walk.city.reviewer, kind="testing", days=10, reason="涉及公共安全")
    with time_machine.at(DUE_SOON):
        assert detect.in_cases(lambda: DUE_SOON) == 1
    return walk


def found() -> models.Finding:
    return models.Finding.objects.select_related("matter").get()


def explained(walk) -> int:
    number = found().matter_id
    do(actions.ask, moment("2026-03-12", "11:00"), number, wants="为什么到最后一天才送检", by=walk.city.supervisor)
    do(actions.explain, moment("2026-03-13"), number, text="检测机构排期晚。", by=walk.city.head)
    return number


def test_a_finding_freezes_its_facts_names_who_acted_and_leads_down_to_the_case(trick):
    row = found()
    assert (row.rule, row.person, row.cases) == ("F-PAUSE-LATE", trick.city.reviewer.account, [trick.matter])
    assert reads.evidence_of(row)["facts"]["理由"] == "涉及公共安全"
    assert [each.called for each in reads.cases_of(row.cases)] == [trick.file.called]
    for change in ({"evidence": "{}"}, {"person": None}):
        with pytest.raises(DatabaseError, match="不能改动"), transaction.atomic():
            models.Finding.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Finding.objects.all().delete()


def test_the_department_sees_a_suspicion_only_once_it_is_asked(trick):
    on, row = moment("2026-03-12").date(), found()
    assert not reads.may_see(row, trick.city.head.account, on) and reads.may_see(row, trick.city.supervisor.account, on)
    do(actions.ask, moment("2026-03-12", "11:00"), row.matter_id, wants="请说明", by=trick.city.supervisor)
    assert reads.may_see(row, trick.city.head.account, on) and not reads.may_see(row, build.city().head.account, on)


def test_what_is_true_is_decided_after_the_department_was_heard_and_is_then_put_right(trick):
    number, office = found().matter_id, trick.city.supervisor
    do(actions.ask, moment("2026-03-12", "11:00"), number, wants="请说明", by=office)
    with pytest.raises(NotAllowed, match="说明期限还没有到"):
        do(actions.confirm, moment("2026-03-13"), number, opinion="属实", by=office)
    with pytest.raises(NotAllowed, match="效能监察员"):
        do(actions.dismiss, moment("2026-03-13"), number, opinion="没事", by=trick.city.head)
    do(actions.confirm, moment("2026-03-30"), number, opinion="逾期没有说明，属实", by=office)
    assert found().matter.state == "confirmed"
    do(actions.rectify, moment("2026-03-31"), number, text="今后收件当日送检。", by=trick.city.head)
    assert found().matter.closed
    moves = list(Entry.objects.filter(matter_id=number).order_by("seq").values_list("move", flat=True))
    assert moves == ["find", "ask", "confirm", "rectify"]


def test_a_confirmed_finding_leads_to_a_proposal_about_who_acted_and_a_dismissed_one_to_none(trick):
    number = explained(trick)
    before = Matter.objects.values().get(pk=trick.matter)
    do(actions.confirm, moment("2026-03-16"), number, opinion="不成理由", by=trick.city.supervisor)
    record = models.Accountability.objects.get()
    assert (record.person, record.source_kind, record.source_id) == (trick.city.reviewer.account, "finding", number)
    assert Matter.objects.values().get(pk=trick.matter) == before  # no case is changed by any of it


def test_what_is_dismissed_is_not_found_again(trick):
    number = explained(trick)
    do(actions.dismiss, moment("2026-03-16"), number, opinion="有排期单为证", by=trick.city.supervisor)
    assert not models.Accountability.objects.exists()
    at = moment("2026-03-17")
    with time_machine.at(at):
        assert detect.in_cases(lambda: at) == 0


def test_nobody_decides_a_finding_about_himself():
    where = build.city()
    key, at = uuid4(), moment("2026-03-12")
    with pytest.raises(NotAllowed, match="不是这个单位的工作人员"):
        do(actions.find_by_hand, at, "patrol", where.department.pk, note="脱岗", by=where.supervisor, key=key,
           person=where.citizen.account)  # fmt: skip
    moved = do(actions.find_by_hand, at, "patrol", where.department.pk, note="脱岗", by=where.supervisor, key=key,
               person=where.supervisor.account)  # fmt: skip
    do(actions.ask, at, moved.matter, wants="请说明", by=where.supervisor)
    do(actions.explain, moment("2026-03-13"), moved.matter, text="外出开会", by=where.head)
    with pytest.raises(NotAllowed, match="涉及您本人"):
        do(actions.confirm, moment("2026-03-16"), moved.matter, opinion="属实", by=where.supervisor)


def test_a_head_enters_her_own_examination_and_no_patrol_and_a_form_counts_once():
    where, at, key = build.city(), moment("2026-03-12"), UUID("6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e99")
    home = where.department.pk
    for source, who in (("patrol", where.head), ("self_examination", where.supervisor), ("audit_sample", where.clerk)):
        with pytest.raises(NotAllowed, match="登记"):
            do(actions.find_by_hand, at, source, home, note="试试", by=who, key=uuid4())
    for _ in range(2):
        do(actions.find_by_hand, at, "self_examination", home, note="告知书缺依据", by=where.head, key=key)
    assert found().source == "self_examination"


def test_whoever_knows_the_seed_draws_the_same_sample_and_another_seed_draws_another():
    where = build.city()
    version = build.item(where, materials=())
    for n in range(12):
        form = build.FORM | {"content": f"第 {n} 处"}
        walk = build.application(where, version).drafted(moment("2026-03-02"), form=form).received(moment("2026-03-02"))
        walk.accepted(moment("2026-03-02", "11:00")).reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))
    at = moment("2026-03-12")
    span = {"since": moment("2026-03-01").date(), "until": at.date(), "wanted": 5}
    one, two, other = (do(draws.draw, at, by=where.supervisor, seed=seed, **span) for seed in ("甲", "甲", "乙"))
    assert one.population == 12 and len(one.cases) == 5
    assert one.cases == two.cases != other.cases
    with pytest.raises(NotAllowed, match="没有您可以抽查的"):
        do(draws.draw, at, by=where.head, **span)
    with pytest.raises(DatabaseError, match="不能改动"), transaction.atomic():
        models.AuditDraw.objects.update(seed="丙")


def test_a_share_stands_out_only_far_above_enough_peers():
    known = rule("F-RETURNS").thresholds
    assert stands_out(0.5, (0.1, 0.12, 0.08), known)
    assert not stands_out(0.5, (0.1, 0.12), known)  # too few to compare with
    assert not stands_out(0.19, (0.1, 0.1, 0.1), known)  # above, by a hair
    assert not stands_out(0.5, (0.1, 0.9, 0.5), known)  # among those who differ widely


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def test_pages_take_a_finding_from_the_list_to_its_end_and_refuse_wrong_input_in_words(trick):
    office, head = signed_in(trick.city.supervisor), signed_in(trick.city.head)
    called = found().matter.number
    page = reverse("supervise:finding", args=[called])
    assert called in office.get(reverse("supervise:findings")).content.decode()
    assert "办不成" in office.get(reverse("supervise:finding_rules")).content.decode()
    empty = office.post(page, {"do": "ask", "wants": " ", "form_key": str(uuid4())})
    assert empty.status_code == 422 and "请填写" in empty.content.decode()
    assert office.post(page, {"do": "nonsense", "form_key": str(uuid4())}).status_code == 422
    with time_machine.at(DUE_SOON + timedelta(hours=1)):
        assert head.get(page).status_code == 404


def test_the_forms_of_people_refuse_what_makes_no_sense():
    where = build.city()
    office = signed_in(where.supervisor)
    wrong = {
        "source": "patrol",
        "department": str(where.department.pk),
        "note": "脱岗",
        "case": "没有这件",
        "form_key": str(uuid4()),
    }
    answer = office.post(reverse("supervise:finding_new"), wrong)
    assert answer.status_code == 422 and not models.Finding.objects.exists()
    backwards = {"since": "2026-03-09", "until": "2026-03-02", "wanted": "5", "form_key": str(uuid4())}
    assert "起止日期不对" in office.post(reverse("supervise:samples"), backwards).content.decode()
    assert office.post(reverse("supervise:samples"), backwards | {"wanted": "0", "since": "昨天"}).status_code == 422


def test_a_rule_that_takes_too_long_is_given_up_said_on_the_health_page_and_looked_for_again(trick, monkeypatch):
    from xiaoneng.supervision.findings import detectors
    from xiaoneng.web import observe

    slow = "SELECT 1::bigint, pg_sleep(5)::text, ARRAY[1::bigint], NULL::bigint, '{}'::jsonb"
    with time_machine.at(DUE_SOON):
        with monkeypatch.context() as patch:
            patch.setattr(detectors, "CASE", {"F-NIGHT": slow, "F-OUT": detectors.CASE["F-OUT"]})
            assert detect.in_cases(lambda: DUE_SOON, patience=1) == 0
        assert observe.examined()["findings"] == {"ok": False, "unfinished": ["深夜登记窗口收件"]}
        detect.in_cases(lambda: DUE_SOON, patience=60)
        assert observe.examined()["findings"]["ok"]
