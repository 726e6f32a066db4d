"""What is held already is not asked for again: with consent, only while it holds, and never in secret."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from psycopg.types.range import DateRange
from test_certificates import change, issue, licensed

import build
from build import moment
from xiaoneng.approval import certificates, facts, reads
from xiaoneng.approval.actions import drafts
from xiaoneng.approval.actions import facts as actions
from xiaoneng.approval.models import HeldFact
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Attachment
from xiaoneng.people.models import Enterprise, Mandate, Person
from xiaoneng.rules.facts import Wanted, same_paper, satisfies
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed

pytestmark = pytest.mark.django_db
ON = moment("2026-05-11")
FIRM = {"kind": "enterprise", "name": "安澜云幕传媒有限公司", "identity": "91110000100000009Y"}


@pytest.fixture
def first():
    """A citizen whose gas licence stands in the register of one department."""
    walk = licensed()
    issue()
    build.known(walk.city.citizen)
    return walk


def next_draft(first, materials=("申请书", "燃气经营许可证（副本）", "身份证明"), form=None, citizen=None):
    """Begin an application of another department that asks for that licence."""
    other = build.city()
    walk = build.application(other, build.item(other, materials=materials, name="户外广告设置许可"))
    walk.city = build.City(**(vars(other) | {"citizen": citizen or first.city.citizen}))
    return walk.drafted(ON, form=form, files=False)


def offered(walk, on=None):
    return facts.offered(walk.file, on or ON.date())


def hand_in(walk, *slots):
    for slot in slots:
        drafts.attach(
            walk.matter, by=walk.city.citizen.account, slot=slot, name="材料.png", stream=build.picture(), at=ON
        )


def use(walk, slot):
    found = offered(walk)[slot]
    actions.use(walk.matter, slot=slot, reference=found.reference, by=walk.city.citizen.account, at=ON)
    return found


def test_names_are_compared_without_brackets_and_copies():
    assert satisfies("营业执照", Wanted("1", "营业执照（复印件）")) and satisfies(
        "营业执照", Wanted("1", "证明", "可用营业执照替代")
    )
    assert not satisfies("营业执照", Wanted("1", "经营场所证明")) and not satisfies("", Wanted("1", ""))
    assert same_paper("房屋租赁合同", Wanted("1", "房屋租赁合同（原件）")) and not same_paper(
        "申请书", Wanted("1", "申请书")
    )


def test_a_certificate_of_another_department_stands_for_a_material_with_consent(first):
    walk = next_draft(first)
    found = use(walk, "1")
    assert found.source == "register" and found.label.startswith("燃气经营许可证")
    hand_in(walk, "0", "2")
    walk.received(ON).accepted(moment("2026-05-12"))
    told = matters.journal(walk.matter)[-1].facts["what"]["held"]
    assert told == [{"slot": "1", "source": "register", "reference": found.reference}]
    row = HeldFact.objects.get(matter_id=walk.matter)
    assert (row.agreed_by, row.agreed_at) == (first.city.citizen.account, ON)


def test_without_consent_the_material_is_missing(first):
    walk = next_draft(first)
    hand_in(walk, "0", "2")
    with pytest.raises(Obstructed) as refusal:
        walk.received(ON)
    assert {each.code for each in refusal.value.obstacles} == {"material-1"}


def test_what_ceased_to_hold_meanwhile_is_asked_for_after_all(first):
    walk = next_draft(first)
    use(walk, "1")
    hand_in(walk, "0", "2")
    change(first, "suspend_certificate", ground="penalty", decision="安燃罚〔2026〕3号", until=date(2026, 6, 11))
    assert "1" not in offered(walk)
    with pytest.raises(Obstructed) as refusal:
        walk.received(moment("2026-05-11", "11:00"))
    assert {each.code for each in refusal.value.obstacles} == {"material-1"}


def test_a_certificate_suspended_after_submission_keeps_the_window_from_accepting(first):
    walk = next_draft(first)
    use(walk, "1")
    hand_in(walk, "0", "2")
    walk.received(ON)
    change(
        first,
        "suspend_certificate",
        moment("2026-05-11", "11:00"),
        ground="penalty",
        decision="3号",
        until=date(2026, 6, 11),
    )
    with pytest.raises(Obstructed):
        walk.accepted(moment("2026-05-12"))


def test_nobody_uses_what_another_holds(first):
    stranger = build.FORM | {"name": "路人甲", "identity": "110105199003078010"}
    assert offered(next_draft(first, form=stranger)) == {}
    walk = next_draft(first)
    code = offered(walk)["1"].reference
    with pytest.raises(NotFound):
        actions.use(walk.matter, slot="1", reference=code, by=first.city.stranger.account, at=ON)
    with pytest.raises(NotAllowed):
        actions.use(walk.matter, slot="0", reference=code, by=first.city.citizen.account, at=ON)


def test_a_paper_of_a_granted_case_is_used_again_by_the_same_account_only_and_lies_there_once(first):
    walk = next_draft(first, materials=("申请书", "身份证明"))
    found = use(walk, "1")
    assert found.source == "archive" and "0" not in offered(walk)  # an application form is written anew
    rows = Attachment.objects.filter(sha256=Attachment.objects.get(pk=int(found.reference)).sha256)
    assert rows.count() == 2
    hand_in(walk, "0")
    walk.received(ON)
    assert len(matters.journal(walk.matter)[-1].facts["what"]["files"]) == 2
    elsewhere = next_draft(first, materials=("申请书", "身份证明"), citizen=first.city.stranger)
    assert offered(elsewhere) == {}


def test_a_paper_older_than_a_year_is_asked_for_anew(first):
    walk = next_draft(first, materials=("申请书", "身份证明"))
    assert offered(walk, date(2027, 3, 2)) and not offered(walk, date(2027, 3, 3))


def test_consent_is_taken_back_and_a_draft_thrown_away_leaves_nothing(first):
    walk = next_draft(first, materials=("申请书", "身份证明"))
    use(walk, "1")
    actions.do_not_use(walk.matter, slot="1", by=first.city.citizen.account)
    assert not HeldFact.objects.exists() and not Attachment.objects.filter(matter_id=walk.matter).exists()
    use(walk, "1")
    drafts.discard(walk.matter, by=first.city.citizen.account, at=ON)
    assert not HeldFact.objects.exists()


def test_the_holder_finds_her_certificates_and_a_stranger_none(first):
    held = certificates.held_by(first.city.citizen.account, ON.date())
    assert [each.case for each in held] == [first.matter]
    assert certificates.held_by(first.city.stranger.account, ON.date()) == ()
    assert reads.held_facts(first.file) == ()


def test_who_types_anothers_number_sees_nothing_of_what_the_other_holds(first):
    curious = next_draft(first, citizen=first.city.stranger)
    assert offered(curious) == {} and certificates.held_by(first.city.stranger.account, ON.date()) == ()


def test_who_has_authority_for_a_firm_sees_what_it_holds_until_the_authority_ends(first):
    firm = Enterprise.objects.create(name="安澜云幕传媒有限公司", uscc=FIRM["identity"])
    build.known(first.city.stranger, build.FORM | {"name": "路人甲", "identity": "110105199003078010"})
    days = DateRange(ON.date(), ON.date() + timedelta(days=1))
    Mandate.objects.create(
        person=Person.objects.get(account_id=first.city.stranger.account), enterprise=firm, during=days
    )
    draft = next_draft(first, form=build.FORM | FIRM, citizen=first.city.stranger)
    assert [reads.is_known(draft.file, ON.date() + timedelta(days=n)) for n in (0, 1)] == [True, False]
