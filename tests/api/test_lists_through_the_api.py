"""Programs of those who keep the lists: a round to its publication, a comparison to its proposal, a file taken in."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from programs import NOW, program

import build
from xiaoneng.api.schemas.lists import Disposition
from xiaoneng.jobs import time_machine
from xiaoneng.powerlists import models
from xiaoneng.rules.items.content import LegalBasis

pytestmark = pytest.mark.django_db
CSV = "事项编码,事项名称,事项类型,实施部门,承诺时限\nX1,取水许可,行政许可,水利局,5个工作日\nX2,,行政许可,水利局,5\n"


def done(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


class Office:
    """A department whose list is compiled, and the programs of its people."""

    def __init__(self) -> None:
        self.city = build.city()
        self.version = build.item(self.city)
        self.hand, self.editor, self.lawyer = map(self.program, ("list_office", "list_editor", "legal_office"))

    def program(self, role: str):
        return program(build.holder(self.city.department, role, role))

    def open(self) -> str:
        asked = {"name": "2026 年清单", "departments": [self.city.department.pk], "notice_days": 3}
        number = done(self.hand.post("/lists/rounds", asked), 201)["id"]
        return f"/lists/compilations/{done(self.hand.get(f'/lists/rounds/{number}'))['compilations'][0]['id']}"


@pytest.fixture
def office(db):
    with time_machine.at(NOW):
        yield Office()


def test_a_round_goes_from_its_opening_to_the_published_list(office):
    one, code = office.open(), office.version.item.code
    row = done(office.editor.get(f"{one}/items"))["rows"][0]
    assert (row["code"], row["disposition"]) == (code, "keep")
    bases = [{"law": "城镇燃气管理条例", "rank": "行政法规"}]
    asked = {"disposition": "amend", "reason": "压缩", "ground": "《优化营商环境条例》第十九条",
             "parts": {"promised_n": "5", "promised_unit": "工作日"}, "rows": {"legal_bases": bases}}  # fmt: skip
    changed = done(office.editor.send("PUT", f"{one}/items/{code}", asked, key=None))
    assert (changed["content"]["promised_n"], changed["name"]) == (5, row["name"])
    assert changed["content"]["legal_bases"][0]["law"] == LegalBasis(**bases[0]).law
    version = done(office.editor.get(one))["version"]
    done(office.editor.post(f"{one}/moves/report", {}, **{"If-Match": f'"{version}"'}))
    stale = done(
        office.editor.post(f"{one}/moves/look_back", {"statement": "已核对"}, **{"If-Match": f'"{version}"'}), 412
    )
    assert stale["version"] == version + 1 and done(office.editor.get(one))["state"] == "looking_back"
    empty = done(office.editor.post(f"{one}/moves/look_back", {"statement": ""}), 422)
    assert "自查说明" in empty["obstacles"][0]["message"]
    done(office.editor.post(f"{one}/moves/look_back", {"statement": "已逐项核对"}))
    expert = done(office.hand.post(f"{one}/remarks", {"who": "王教授", "text": "可行"}), 201)
    done(office.hand.send("PUT", f"{one}/remarks/{expert['id']}/answer", {"text": "采纳"}, key=None))
    done(office.hand.post(f"{one}/moves/argue", {}))
    early = done(office.hand.post(f"{one}/moves/hear", {}), 422)
    assert "才结束" in early["obstacles"][0]["message"]
    with time_machine.at(NOW + timedelta(days=5)):
        done(office.hand.post(f"{one}/moves/hear", {}))
        assert "法制" in done(office.editor.post(f"{one}/moves/clear", {"opinion": "合法"}), 409)["detail"]
        done(office.lawyer.post(f"{one}/moves/clear", {"opinion": "合法"}))
        said = {"document": "安政发〔2026〕3 号", "meeting": "常务会议", "notice": "政府网站"}
        told = done(office.hand.post(f"{one}/moves/publish", said))
        assert told["state"] == "published"
        published = done(program().get(f"/items/{code}"))
    assert published["promised"]["n"] == 5


def test_what_cannot_be_read_is_told_part_by_part_and_others_see_nothing(office):
    one, code = office.open(), office.version.item.code
    wrong = {"disposition": "amend", "parts": {"promised_n": "五天", "colour": "红"}, "rows": {"pictures": []}}
    told = done(office.editor.send("PUT", f"{one}/items/{code}", wrong, key=None), 422)
    assert [each["pointer"] for each in told["errors"]] == ["/parts/promised_n", "/parts/colour", "/rows/pictures"]
    assert (
        "编制人员"
        in done(office.hand.send("PUT", f"{one}/items/{code}", {"disposition": "keep"}, key=None), 409)["detail"]
    )
    foreign = program(build.holder(build.city().department, "外", "list_editor"))
    assert foreign.get(one).status_code == 404 and foreign.get("/lists/compilations/ABC").status_code == 404
    clerk = program(office.city.clerk)
    assert "没有这个岗位" in done(clerk.get("/lists/rounds"), 409)["detail"]
    assert done(program(office.city.clerk, ["cases:read"]).get("/lists/rounds"), 403)["required"] == ["lists:read"]


def test_a_list_comes_in_parts_and_as_a_spreadsheet(office):
    for _ in range(2):
        build.item(office.city)
    one = office.open()
    first = done(office.editor.get(f"{one}/items?limit=2"))
    rest = done(office.editor.get(f"{one}/items?limit=2&cursor={first['next']}"))
    codes = [each["code"] for each in first["rows"] + rest["rows"]]
    assert len(set(codes)) == 3 and codes == sorted(codes) and rest["next"] is None
    sheet = office.editor.get(f"{one}/sheet")
    given = {"file": io.BytesIO(sheet.content)}
    given["file"].name = "清单.xlsx"
    headers = office.editor.headers({"Idempotency-Key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e41"})
    told = done(office.editor.client.post(f"/api/v1{one}/sheet", given, headers=headers))
    assert (told["unchanged"], told["problems"]) == (3, [])


def test_a_comparison_is_worked_through_and_handed_over(office):
    other = build.city()
    build.item(other, name="养犬登记")
    asked = {"region": office.city.department.region_id, "others": [other.department.region_id]}
    made = done(office.hand.post("/lists/comparisons", asked), 201)
    assert {each["kind"]: each["total"] for each in made["counts"]}["only_ours"] == 1
    line = done(office.hand.get(f"/lists/comparisons/{made['id']}/lines?kind=only_ours"))["rows"][0]
    unfit = done(
        office.hand.send("PUT", f"/lists/compared/{line['id']}", {"verdict": "shorten", "reason": "x"}, key=None), 422
    )
    assert "可以选" in unfit["obstacles"][0]["remedy"]
    verdict = {"verdict": "cancel", "reason": "没有法律依据"}
    decided = done(office.hand.send("PUT", f"/lists/compared/{line['id']}", verdict, key=None))
    assert decided["verdict_label"] == "拟取消"
    handed = done(office.hand.post(f"/lists/compared/{line['id']}/hand-over", {}))["compilation"]
    assert done(office.editor.get(f"/lists/compilations/{handed}/items"))["rows"][0]["disposition"] == "cancel"
    assert "没有这个岗位" in done(office.editor.get("/lists/comparisons"), 409)["detail"]


def test_a_file_is_looked_into_mapped_and_handed_to_the_worker(office):
    stream = io.BytesIO(CSV.encode())
    stream.name = "清单.csv"
    headers = office.hand.headers({"Idempotency-Key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e42"})
    made = done(office.hand.client.post("/api/v1/lists/imports", {"file": stream}, headers=headers), 201)
    told = done(office.hand.get(f"/lists/imports/{made['id']}"))
    assert (told["rows"], told["columns"][1]["field"]) == (2, "name") and told["problems"]
    names = [each["name"] for each in done(office.hand.get("/lists/mappings"))]
    remapped = office.hand.send("PUT", f"/lists/imports/{made['id']}/mapping", {"mapping": names[0]}, key=None)
    assert done(remapped)["mapping"] == names[0]
    assert done(office.hand.post(f"/lists/imports/{made['id']}/run", {}))["state"] == "waiting"
    assert "正在导入" in done(office.hand.post(f"/lists/imports/{made['id']}/run", {}), 409)["detail"]


def test_the_registers_are_told_and_the_words_are_those_of_the_lists(office):
    assert "行政许可" in {each["name"] for each in done(office.editor.get("/lists/kinds"))}
    assert done(office.editor.get("/lists/basics"))["rows"] == []
    assert "出生登记" in {each["official"] for each in done(office.editor.get("/lists/synonyms?q=户口"))}
    assert set(Disposition.__args__) == set(models.Proposal.Disposition.values)
