"""The pages of those who keep the lists: a round by its forms, a comparison by its worklist, comments by anybody."""

from datetime import timedelta

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.catalogue.imports import workbook
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.people.models import Account
from xiaoneng.powerlists import reads as lists

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")


class Desk:
    """A region's list and those who keep it, each with a browser."""

    def __init__(self):
        self.city = build.city()
        self.department = self.city.department
        self.item = build.item(self.city)
        self.office, self.editor, self.lawyer = map(self.client, ("list_office", "list_editor", "legal_office"))

    def client(self, role):
        client = Client()
        client.force_login(Account.objects.get(pk=build.holder(self.department, role, role).account))
        return client


@pytest.fixture
def desk(db):
    with time_machine.at(MONDAY):
        yield Desk()


def opened(desk):
    form = {"name": "2026 年", "departments": [desk.department.pk]}
    answer = desk.office.post("/lists/", form)
    assert answer.status_code == 302, answer.content.decode()
    number = int(answer.url.rsplit("/", 1)[1])
    return number, lists.board(number, MONDAY)[0].matter


def filled(desk, matter):
    """Edit the one item as the form shows it, with a basis added."""
    number = lists.proposals(matter)[0].id
    page = desk.editor.get(f"/lists/compilations/{matter}/items/{number}")
    form = dict(page.context["form"].initial)
    form |= {"disposition": "amend", "reason": "压缩", "ground": "《条例》", "promised_n": "4"}
    form = {name: value for name, value in form.items() if value is not False and value is not None}
    form["legal_bases"] = "城镇燃气管理条例 | 行政法规 | 国务院令第583号 | 第十五条"
    return form, f"/lists/compilations/{matter}/items/{number}"


def test_a_round_is_opened_filled_in_and_published_by_its_forms(desk):
    number, matter = opened(desk)
    assert "部门编制" in desk.office.get(f"/lists/rounds/{number}").content.decode()
    assert desk.office.post("/lists/", {"name": "2026 年", "departments": [desk.department.pk]}).status_code == 422
    form, address = filled(desk, matter)
    bad = desk.editor.post(address, form | {"promised_n": "x", "legal_bases": "某法 | 天书"})
    assert (
        bad.status_code == 422
        and "第 1 行：层级应为" in bad.content.decode()
        and "0 到 9999 的整数" in bad.content.decode()
    )
    assert desk.editor.post(address, form).status_code == 302
    where = f"/lists/compilations/{matter}"
    assert "承诺办结时限" in desk.editor.get(address).content.decode()
    assert desk.lawyer.post(where, {"do": "report"}).status_code == 409
    assert desk.editor.post(where, {"do": "report"}).status_code == 302
    assert desk.editor.post(where, {"do": "look_back", "statement": ""}).status_code == 422
    assert desk.editor.post(where, {"do": "look_back", "statement": "已核对"}).status_code == 302
    assert desk.office.post(where, {"do": "argue"}).status_code == 422
    assert desk.office.post(where, {"do": "remark", "who": "王教授", "text": "可行"}).status_code == 302
    assert desk.office.post(where, {"do": "argue"}).status_code == 302
    public = f"/powers/notices/{matter}"
    assert "拟怎样处理" in Client().get(public).content.decode()
    assert Client().post(public, {"who": "", "text": "好"}).status_code == 422
    assert Client().post(public, {"who": "市民<b>", "text": "能再快些吗"}).status_code == 302
    said = lists.remarks(matter, "public")[0]
    answer = {"do": f"answer-{said.id}", f"seen-{said.id}": said.version}
    assert desk.editor.post(where, answer | {f"answer-{said.id}": "已压到四天"}).status_code == 302
    late = desk.office.post(where, answer | {f"answer-{said.id}": "不采纳"})
    text = late.content.decode()
    assert late.status_code == 422 and "别人改过" in text and "已压到四天" in text and ">不采纳</textarea>" in text
    assert lists.remarks(matter, "public")[0].answer == "已压到四天"
    assert (
        "已压到四天" in Client().get(public).content.decode()
        and "市民&lt;b&gt;" in Client().get(public).content.decode()
    )
    with time_machine.at(MONDAY + timedelta(days=8)):
        assert desk.office.post(where, {"do": "hear"}).status_code == 302
        assert desk.lawyer.post(where, {"do": "clear", "opinion": "合法"}).status_code == 302
        last = {"do": "publish", "document": "安政发〔2026〕9号", "meeting": "常务会议", "notice": "网站"}
        assert desk.office.post(where, last).status_code == 302
        assert desk.office.post(where, last).status_code == 409
        assert "承诺 4 个工作日" in Client().get(f"/powers/?department={desk.department.pk}").content.decode()


def test_an_item_that_another_has_added_meanwhile_is_not_written_over(desk):
    _, matter = opened(desk)
    form, _ = filled(desk, matter)
    address = f"/lists/compilations/{matter}/items/0"
    added = form | {"code": "YJZL0777", "disposition": "add"}
    assert desk.editor.post(address, added).status_code == 302
    late = desk.editor.post(address, added | {"name": "后来的人写的"})
    assert late.status_code == 422 and "别人改过" in late.content.decode()
    assert "后来的人写的" not in {each.name for each in lists.proposals(matter)}
    assert desk.editor.post(address, added | {"name": "后来的人写的", "seen": late.context["seen"]}).status_code == 302
    assert "后来的人写的" in {each.name for each in lists.proposals(matter)}


def test_the_spreadsheet_goes_out_and_in_and_a_wrong_one_is_refused(desk, tmp_path):
    _, matter = opened(desk)
    where = f"/lists/compilations/{matter}"
    sheet = desk.editor.get(f"{where}/list.xlsx").content
    items, _ = workbook.read(sheet)
    assert [each.code for each in items.values()] == [desk.item.item.code]
    for data, status in ((sheet, 200), (b"no sheet", 409)):
        (tmp_path / "list.xlsx").write_bytes(data)
        with (tmp_path / "list.xlsx").open("rb") as file:
            answer = desk.editor.post(where, {"do": "upload", "file": file})
        assert answer.status_code == status
    assert desk.editor.post(where, {"do": "upload"}).status_code == 409


def test_a_stranger_sees_no_list_that_is_being_compiled(desk):
    _, matter = opened(desk)
    other = Desk()
    assert other.editor.get(f"/lists/compilations/{matter}").status_code == 404
    assert other.editor.get("/lists/compilations/987654").status_code == 404
    assert Client().get(f"/powers/notices/{matter}").status_code == 404
    reader = Client()
    reader.force_login(Account.objects.get(pk=build.holder(desk.department, "r", "reviewer").account))
    assert reader.get(f"/lists/compilations/{matter}").status_code == 409


def test_a_comparison_is_made_and_worked_through(desk):
    elsewhere = build.item(build.city(), name="养犬登记")
    ItemVersion.objects.filter(pk=elsewhere.pk).update(kind=desk.item.kind)
    form = {"region": desk.department.region_id, "others": [elsewhere.item.department.region_id]}
    answer = desk.office.post("/lists/comparisons", form)
    assert answer.status_code == 302
    page = desk.office.get(f"{answer.url}?kind=only_ours")
    finding = page.context["rows"][0][0].id
    assert (
        desk.office.post(answer.url + "?kind=only_ours", {"finding": finding, "verdict": "cancel"}).status_code == 422
    )
    done = {"finding": finding, "verdict": "cancel", "reason": "没有依据"}
    assert desk.office.post(answer.url + "?kind=only_ours", done).status_code == 302
    assert "拟取消" in desk.office.get(f"{answer.url}?kind=only_ours").content.decode()
    assert desk.office.post("/lists/comparisons", {"region": "x"}).status_code == 422
    assert desk.editor.get("/lists/comparisons").status_code == 409
