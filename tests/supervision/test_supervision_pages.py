"""The pages of supervision: issuing from a case, answering in the department, every figure opening down to cases."""

import pytest
from django.test import Client
from django.urls import reverse

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account
from xiaoneng.supervision import actions, cards, models, urging

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-16", "10:00")
KEY = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e99"


def client_of(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


@pytest.fixture
def late():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    with time_machine.at(NOW):
        actions.record_red_lights(lambda: NOW)
        cards.issue_what_is_called_for(lambda: NOW)
        urging.remind_who_is_due(lambda: NOW)
        yield walk


def test_a_supervisor_issues_a_card_and_an_order_from_the_case_and_a_double_click_issues_one(late):
    office, number = client_of(late.city.supervisor), late.file.called
    page = office.get(reverse("supervise:matter", args=[number])).content.decode()
    assert "催办、督办、发牌" in page and "逐级提醒" in page and "超过承诺期限" in page
    address = reverse("supervise:issue", args=[number])
    form = {"do": "card", "rule": "V-ABS", "grounds": "上午十点窗口无人", "form_key": KEY}
    first, second = office.post(address, form), office.post(address, form)
    assert first.status_code == 302 and first["Location"] == second["Location"]
    assert models.Card.objects.filter(rule="V-ABS").count() == 1
    shown = office.get(first["Location"]).content.decode()
    assert "上午十点窗口无人" in shown and "发牌时固定的证据" in shown
    again = office.post(address, form | {"form_key": "7f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e99"})
    assert again.status_code == 422 and "只发一张" in again.content.decode()
    assert office.post(address, {"do": "urge", "wants": "", "days": "x", "form_key": KEY}).status_code == 422


def test_the_department_finds_on_its_worklist_what_it_has_to_answer_and_answers_it(late):
    desk = client_of(late.city.reviewer)
    assert "监察事项有 2 件等您答复" in desk.get("/desk/").content.decode()
    page = desk.get(reverse("staff:supervised")).content.decode()
    card = models.Card.objects.get()
    assert str(card.matter) in page and "原因和打算" in page
    address = reverse("supervise:issued", args=[card.matter.number])
    assert "提交说明" in desk.get(address).content.decode()
    assert desk.post(address, {"do": "explain", "text": " ", "form_key": KEY}).status_code == 422
    assert desk.post(address, {"do": "explain", "text": "人手不足，已加派。", "form_key": KEY}).status_code == 302
    assert desk.post(address, {"do": "confirm", "opinion": "自己维持", "form_key": KEY}).status_code == 422
    reminder = models.Reminder.objects.get(rung=1)
    form = {"reminder": reminder.pk, "text": "今天办结。"}
    assert desk.post(reverse("staff:supervised"), form).status_code == 302
    assert desk.post(reverse("staff:supervised"), form).status_code == 422
    assert "监察事项有" not in desk.get("/desk/").content.decode()


def test_every_figure_of_the_cards_opens_down_to_its_cards(late):
    office = client_of(late.city.supervisor)
    page = office.get(reverse("supervise:cards")).content.decode()
    department = late.city.department.pk
    assert f"?department={department}&amp;level=yellow&amp;waits=standing" in page
    for filters, there in (
        ("waits=unit", True),
        ("waits=office", False),
        ("level=red", False),
        ("waits=withdrawn", False),
    ):
        shown = office.get(f"{reverse('supervise:cards')}?department={department}&{filters}").content.decode()
        assert (str(models.Card.objects.get().matter) in shown) is there, filters
    odd = office.get(reverse("supervise:cards") + "?department=x%27&state=%00&page=99&waits=no&level=blue")
    assert odd.status_code in (200, 400)


def test_a_card_prints_with_number_and_code_and_is_verified_by_anybody(late):
    document = matters.documents(models.Card.objects.get().matter_id)[0]
    assert document.number.startswith(late.city.department.region.name) and "效黄字〔2026〕1号" in document.number
    anybody = Client()
    page = anybody.get(reverse("public:notice", args=[document.verify_code])).content.decode()
    assert "黄牌通知书" in page and "超过承诺期限" in page
    assert "核验通过" in anybody.get(reverse("public:verify") + f"?code={document.verify_code}").content.decode()
    pdf = anybody.get(reverse("public:notice_pdf", args=[document.verify_code]))
    assert b"".join(pdf.streaming_content)[:5] == b"%PDF-"


def test_who_reads_supervision_without_office_sees_and_cannot_press(late):
    inspector = build.holder(late.city.department, "纪检", "discipline_inspector", everywhere=True)
    reader, card = client_of(inspector), models.Card.objects.get()
    address = reverse("supervise:issued", args=[card.matter.number])
    page = reader.get(address).content.decode()
    assert "超过承诺期限" in page and 'name="do"' not in page
    assert reader.post(address, {"do": "propose_withdrawal", "reason": "试", "form_key": KEY}).status_code == 422
    card.matter.refresh_from_db()
    assert card.matter.state == "issued"
    elsewhere = build.city()
    for who in (elsewhere.head, elsewhere.clerk):
        assert client_of(who).get(address).status_code == 404


def test_a_decision_on_accountability_is_verified_by_anybody_and_read_by_few(late):
    from xiaoneng.supervision import accountability

    city = late.city
    second = build.holder(city.department, "许知微", "supervisor", everywhere=True)
    where = {"person": city.reviewer.account, "department": city.department.pk, "reason": "查实"}
    moved = accountability.propose("complaint", 1, "态度", by=city.supervisor, at=NOW, **where)
    number = matters.file(moved.matter).number
    person = client_of(city.reviewer)
    assert number in person.get(reverse("staff:supervised")).content.decode()
    address = reverse("supervise:record", args=[number])
    assert person.post(address, {"do": "speak", "text": "当时在抢修。", "form_key": KEY}).status_code == 302
    form = {"do": "decide", "measure": "reminder", "points": "2", "reason": "情节轻微", "form_key": KEY[:-1] + "8"}
    assert client_of(second).post(address, form).status_code == 302
    code = matters.documents(moved.matter)[0].verify_code
    assert Client().get(reverse("public:notice", args=[code])).status_code == 404
    verified = Client().get(reverse("public:verify") + f"?code={code}").content.decode()
    assert "核验通过" in verified and city.reviewer.name[0] + "*" not in verified
    assert "谈话提醒" in person.get(reverse("public:notice", args=[code])).content.decode()
    assert client_of(city.clerk).get(address).status_code == 404
