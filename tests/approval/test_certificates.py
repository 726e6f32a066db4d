"""The register: one licence, one code, and every change of it a recorded move with its ground."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import build
from build import moment
from xiaoneng.approval import certificates as reads
from xiaoneng.approval import notices
from xiaoneng.approval.actions import accept, certificates
from xiaoneng.approval.models import Certificate
from xiaoneng.catalogue.models import ItemVersion, Result
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules import certificates as rules
from xiaoneng.rules.certificates import Asked
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed

pytestmark = pytest.mark.django_db
DAY = moment("2026-03-05")
LATER = moment("2026-05-11")


def licensed(where=None, validity="3年", name="燃气经营许可证"):
    where = where or build.city()
    version = build.item(where)
    ItemVersion.objects.filter(pk=version.pk).update(result=name)
    Result.objects.create(version=version, position=0, name=name, validity=validity)
    walk = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    return walk.reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))


def issue(at=DAY):
    with time_machine.at(at):
        return certificates.issue_what_is_granted(lambda: at)


@pytest.fixture
def walk():
    """A granted case whose certificate stands in the register."""
    walk = licensed()
    assert issue() == 1
    return walk


def change(walk, name, at=LATER, by=None, scope="", **asked):
    line = reads.of_case(walk.matter)
    with time_machine.at(at):
        asked_ = Asked(**{"reason": "事实清楚", **asked})
        return certificates.change(line.id, name, by=by or walk.city.head, at=at, key=None, asked=asked_, scope=scope)


def standing(walk, on=None):
    return reads.of_case(walk.matter).standing(on or LATER.date())


@pytest.mark.parametrize(
    ("validity", "months"),
    [("5年", 60), ("五年", 60), ("有效期 36个月", 36), ("长期", None), ("", None), ("999年", None)],
)
def test_a_published_validity_is_read(validity, months):
    assert rules.months_of(validity) == months


@pytest.mark.parametrize(
    ("since", "months", "last"),
    [("2026-03-05", 36, "2029-03-04"), ("2024-02-29", 12, "2025-02-28"), ("2026-01-31", 1, "2026-02-28"),
     ("2026-12-01", 1, "2026-12-31")],
)  # fmt: skip
def test_the_last_day_of_validity(since, months, last):
    assert str(rules.last_day(date.fromisoformat(since), months)) == last


def test_a_grant_comes_to_one_certificate_with_number_code_and_validity_however_often_the_worker_looks(walk):
    line = reads.of_case(walk.matter)
    assert (line.number, line.title) == (f"{walk.city.department.sign}证字〔2026〕1号", "燃气经营许可证")
    assert (str(line.valid_from), str(line.valid_until), line.state) == ("2026-03-05", "2029-03-04", "valid")
    assert issue() == 0 and Certificate.objects.count() == 1
    told = notices.compose(matters.documents(line.id)[0])
    assert told.title == "燃气经营许可证" and ("证照编码", line.code) in told.rows and told.thing_code == line.code


def test_an_item_whose_result_is_no_certificate_comes_to_none():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    walk.reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))
    assert issue() == 0


def test_the_register_is_asked_by_code_and_tells_a_wrong_one_nothing(walk):
    line = reads.of_case(walk.matter)
    assert reads.by_code(f"{line.code[:4]}-{line.code[4:8].lower()}-{line.code[8:]}").number == line.number
    with pytest.raises(NotFound):
        reads.by_code("2345-6789-ABCD")
    assert reads.by_code(line.code).shown_holder == "沈*溪"


def test_every_change_needs_its_ground_and_its_reason(walk):
    wanting = {
        "withdraw_certificate": {"ground", "reason", "compensation"}, "revoke_certificate": {"ground", "reason"},
        "rescind_certificate": {"ground", "reason", "decision"}, "cancel_certificate": {"ground", "reason"},
        "suspend_certificate": {"ground", "reason", "decision", "until"}, "renew_certificate": {"reason", "until"},
        "amend_certificate": {"reason"},
    }  # fmt: skip
    for name, codes in wanting.items():
        with pytest.raises(Obstructed) as refusal:
            change(walk, name, reason=" ", ground="made up")
        assert {each.code for each in refusal.value.obstacles} == codes, name
    assert [line.move for line in matters.journal(reads.of_case(walk.matter).id)] == ["issue_certificate"]


def test_a_renewal_lengthens_and_never_shortens(walk):
    for until in (date(2029, 3, 4), date(2027, 1, 1)):
        with pytest.raises(Obstructed, match="延续不能缩短"):
            change(walk, "renew_certificate", until=until)
    change(walk, "renew_certificate", until=date(2029, 3, 5))
    Certificate.objects.update(valid_until=None)
    with pytest.raises(Obstructed, match="长期有效"):
        change(walk, "renew_certificate", until=date(2031, 1, 1))


def test_revoked_for_the_organs_own_fault_tells_the_damages_and_for_fraud_none(walk):
    with pytest.raises(Obstructed) as refusal:
        change(walk, "revoke_certificate", ground="beyond_power")
    assert [each.code for each in refusal.value.obstacles] == ["compensation"]
    change(walk, "revoke_certificate", ground="fraud")
    assert standing(walk).startswith("已撤销")


def test_suspended_reinstated_and_rescinded(walk):
    penalty = {"ground": "penalty", "decision": "安燃罚〔2026〕3号"}
    change(walk, "suspend_certificate", until=date(2026, 6, 11), **penalty)
    assert standing(walk) == "暂扣中" and not reads.of_case(walk.matter).is_good(LATER.date())
    with pytest.raises(NotAllowed):
        change(walk, "amend_certificate", scope="增加一处供应站")
    change(walk, "reinstate_certificate")
    assert standing(walk) == "有效"
    change(walk, "rescind_certificate", **penalty)
    with pytest.raises(Obstructed) as refusal:
        change(walk, "cancel_certificate", ground="expired")
    assert {each.code for each in refusal.value.obstacles} == {"ground"}
    change(walk, "cancel_certificate", ground="ended")
    assert standing(walk) == "已注销"
    titles = [each.title for each in matters.documents(reads.of_case(walk.matter).id)]
    assert titles == [
        "燃气经营许可证",
        "暂扣证件决定书",
        "恢复使用证件通知书",
        "吊销许可证件决定书",
        "注销行政许可决定书",
    ]


def test_withdrawn_tells_the_compensation_and_the_remedies(walk):
    change(walk, "withdraw_certificate", ground="law_changed", compensation="按评估结果补偿")
    told = notices.compose(matters.documents(reads.of_case(walk.matter).id)[-1])
    assert ("补偿", "按评估结果补偿") in told.rows and "六十日" in told.closing[0] and "第八条" in told.paragraphs[-1]


def test_amended_keeps_its_number_and_code_and_says_what_it_permits_now(walk):
    before = reads.of_case(walk.matter)
    change(walk, "amend_certificate", scope="管道燃气，两处供应站")
    after = reads.of_case(walk.matter)
    assert (after.number, after.code, after.scope) == (before.number, before.code, "管道燃气，两处供应站")


def test_only_a_head_of_its_department_changes_it(walk):
    for who in (walk.city.reviewer, walk.city.clerk, walk.city.supervisor, build.city().head):
        with pytest.raises(NotAllowed):
            change(walk, "revoke_certificate", by=who, ground="fraud")


def test_a_granted_renewal_lengthens_the_certificate_it_names_instead_of_making_another(walk):
    line = reads.of_case(walk.matter)
    again = build.application(walk.city, walk.version).received(moment("2026-05-06"))
    again.do(accept.accept, moment("2026-05-07"), walk.city.clerk, certificate=line.number, expires_on=line.valid_until)
    again.reviewed(moment("2026-05-08")).granted(moment("2026-05-09"))
    assert issue(moment("2026-05-09", "11:00")) == 1 and issue(moment("2026-05-09", "12:00")) == 0
    after = reads.of_case(walk.matter)
    assert Certificate.objects.count() == 1 and after.code == line.code
    assert (str(line.valid_until), str(after.valid_until)) == ("2029-03-04", "2032-03-04")


def test_past_its_last_day_it_is_not_good_though_nobody_touched_it(walk):
    assert standing(walk, date(2029, 3, 4)) == "有效" and standing(walk, date(2029, 3, 5)) == "已过有效期"


def test_only_ones_own_licence_is_renewed_and_only_until_the_day_that_the_register_has():
    walk = licensed()
    issue()
    line = reads.of_case(walk.matter)
    day = moment("2026-05-07")

    def renewed(form, number, until):
        again = build.application(walk.city, walk.version).drafted(day, form=form).received(day)
        again.do(accept.accept, day, walk.city.clerk, certificate=number, expires_on=until)
        return again

    other = build.FORM | {"name": "李四", "identity": "110105199003072338"}
    with pytest.raises(Obstructed, match="持有人不是本件的申请人"):
        renewed(other, line.number, line.valid_until)
    with pytest.raises(Obstructed, match=f"有效期至 {line.valid_until}"):
        renewed(build.FORM, line.number, line.valid_until - timedelta(days=400))
    with pytest.raises(Obstructed, match="申请以前已经过了有效期"):
        renewed(build.FORM, "纸证 1", day.date() - timedelta(days=1))
    assert renewed(build.FORM, "纸证 1", day.date() + timedelta(days=60)).file.state == "reviewing"


def test_each_notice_of_an_amendment_says_what_was_amended_then(walk):
    change(walk, "amend_certificate", scope="增加一处供应站")
    change(walk, "amend_certificate", scope="增加两处供应站")
    papers = matters.documents(reads.of_case(walk.matter).id)[1:]
    told = [dict(notices.compose(each).rows)["变更后的许可内容"] for each in papers]
    assert told == ["增加一处供应站", "增加两处供应站"]


def test_a_suspension_ends_by_itself_after_its_last_day_and_not_before(walk):
    penalty = {"ground": "penalty", "decision": "安燃罚〔2026〕3号"}
    change(walk, "suspend_certificate", until=date(2026, 6, 11), **penalty)
    for day, ended, said in (("2026-06-11", 0, "暂扣中"), ("2026-06-12", 1, "有效"), ("2026-06-13", 0, "有效")):
        at = moment(day, "08:00")
        with time_machine.at(at):
            assert certificates.reinstate_what_is_over(lambda at=at: at) == ended
        assert standing(walk) == said
    notice = notices.compose(matters.documents(reads.of_case(walk.matter).id)[-1])
    assert (notice.title, "已经期满" in notice.paragraphs[1]) == ("恢复使用证件通知书", True)
