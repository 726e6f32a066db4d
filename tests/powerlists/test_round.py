"""A round from its opening to the published list: who does what, what each stage demands, what takes effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import build
from build import moment
from xiaoneng.catalogue import history, reads
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.imports import workbook
from xiaoneng.jobs import time_machine
from xiaoneng.powerlists import actions, remarks
from xiaoneng.powerlists import reads as lists
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.items.content import LegalBasis
from xiaoneng.rules.limits import Light

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")
BASES = (LegalBasis("城镇燃气管理条例", "administrative_regulation"),)


class Story:
    """A region with two items and those who keep its list, standing on a day."""

    def __init__(self) -> None:
        self.city = build.city()
        self.department = self.city.department
        self.gas, self.old = build.item(self.city), build.item(self.city, name="诚信承诺登记")
        self.editor, self.lawyer = self.holder("编制人", "list_editor"), self.holder("法制办", "legal_office")
        self.office = self.holder("编办", "list_office")
        self.at = MONDAY
        round_ = self.do(
            actions.open_round, name="2026 年清单", departments=[self.department.pk],
            by=self.office,
        )  # fmt: skip
        self.round = round_
        self.matter = lists.board(round_, self.at)[0].matter

    def holder(self, name, role):
        return build.holder(self.department, name, role)

    def do(self, action, *args, after=timedelta(hours=1), **more):
        self.at += after
        with time_machine.at(self.at):
            return action(*args, at=self.at, **more)

    def fill(self):
        good = replace(content_of(self.gas.pk), legal_bases=BASES, promised_n=5)
        self.do(
            actions.propose, self.matter, self.gas.item.code, disposition="amend", content=good, by=self.editor,
            reason="压缩", ground="《优化营商环境条例》",
        )  # fmt: skip
        self.do(
            actions.propose, self.matter, self.old.item.code, disposition="cancel", content=content_of(self.old.pk),
            by=self.editor, reason="没有法律依据", ground="《行政许可法》第十七条",
        )  # fmt: skip
        return self

    def state(self):
        return lists.compilation(self.matter, self.at).state

    def to_notice(self):
        self.do(actions.report, self.matter, by=self.editor)
        self.do(actions.look_back, self.matter, by=self.editor, statement="已逐项核对")
        self.do(remarks.remark, self.matter, source="expert", who="王教授", text="可行")
        self.do(actions.argue, self.matter, by=self.office)
        return self


@pytest.fixture
def story(db):
    return Story()


def test_the_whole_way_to_the_published_list_and_a_running_case_survives_it(story):
    walk = build.Walk(story.city, story.old).received(moment("2026-02-26")).accepted(moment("2026-02-27"))
    story.fill().to_notice()
    said = story.do(
        remarks.remark, story.matter, source="public", who="市民", text="能不能更快", code=story.gas.item.code
    )
    story.do(remarks.answer, said, text="已压缩到五天", by=story.editor)
    story.do(actions.hear, story.matter, by=story.office, after=timedelta(days=8))
    story.do(actions.clear, story.matter, by=story.lawyer, opinion="合法")
    story.do(
        actions.publish, story.matter, by=story.office, document="安政发〔2026〕9号", meeting="市政府第 12 次常务会议",
        notice="市政府网站",
    )  # fmt: skip
    assert story.state() == "published"
    assert reads.version_in_force(story.gas.item.code, story.at).promised.n == 5
    cancelled = history.adjustments(code=story.old.item.code)[0]
    assert (cancelled.disposition, cancelled.document) == ("cancel", "安政发〔2026〕9号")
    with pytest.raises(Obstructed, match="已取消"):
        history.require_in_force(story.old.item.code, story.at, "case")
    later = story.at + timedelta(minutes=5)
    walk.reviewed(later).granted(later + timedelta(minutes=5))
    assert walk.file.state == "granted"


def test_each_stage_is_dated_and_has_its_deadline_and_who_is_late_is_seen(story):
    line = lists.board(story.round, MONDAY)[0]
    assert (line.state_label, line.due_on.isoformat(), line.light) == ("部门编制", "2026-03-30", Light.GREEN)
    assert lists.board(story.round, moment("2026-03-31"))[0].light is Light.RED
    story.fill().do(actions.report, story.matter, by=story.editor, after=timedelta(days=35))
    now = lists.board(story.round, story.at)[0]
    assert (now.state_label, now.late) == ("回头看自查", True) and now.due_on.isoformat() > "2026-04-10"


def test_the_look_back_says_everything_that_is_wrong_at_once(story):
    story.do(actions.report, story.matter, by=story.editor)
    with pytest.raises(Obstructed) as refusal:
        story.do(actions.look_back, story.matter, by=story.editor, statement="")
    text = "".join(each.message for each in refusal.value.obstacles)
    assert "燃气经营许可证核发”没有写明设定依据" in text and "诚信承诺登记”没有写明设定依据" in text
    assert "自查说明" in text and story.state() == "looking_back"


def test_nobody_does_what_is_another_office_s(story):
    with pytest.raises(NotAllowed, match="清单编制人员"):
        story.do(
            actions.propose, story.matter, "X", disposition="add", content=content_of(story.gas.pk), by=story.office
        )
    story.fill()
    with pytest.raises(NotAllowed, match="清单编制人员"):
        story.do(actions.report, story.matter, by=story.lawyer)
    story.to_notice()
    with pytest.raises(NotAllowed, match="不能再改"):
        story.fill()
    with pytest.raises(NotAllowed, match=r"合法性|公开征求意见"):
        story.do(actions.clear, story.matter, by=story.lawyer, opinion="合法")


def test_the_notice_is_not_closed_early_or_with_comments_unanswered(story):
    story.fill().to_notice()
    story.do(remarks.remark, story.matter, source="public", who="市民", text="意见")
    with pytest.raises(Obstructed) as refusal:
        story.do(actions.hear, story.matter, by=story.office)
    assert [each.code for each in refusal.value.obstacles] == ["notice", "answer"]


def test_a_list_sent_back_can_be_put_right(story):
    story.fill().to_notice()
    with pytest.raises(Obstructed):
        story.do(actions.send_back, story.matter, by=story.office, reason=" ")
    story.do(actions.send_back, story.matter, by=story.office, reason="依据不全")
    assert story.state() == "compiling"
    story.fill()


def test_the_spreadsheet_goes_out_and_comes_back(story):
    rows = [
        workbook.Listed(each.code, "住建局", "330100", "安澜市", each.content) for each in lists.proposals(story.matter)
    ]  # fmt: skip
    assert story.do(actions.take_spreadsheet, story.matter, workbook.write(rows, []), by=story.editor).unchanged == 2
    changed = [replace(rows[0], content=replace(rows[0].content, promised_n=4)), *rows[1:]]
    fresh = workbook.Listed("NEW-1", "", "", "", replace(rows[0].content, name="新事项"))
    told = story.do(actions.take_spreadsheet, story.matter, workbook.write([*changed, fresh], []), by=story.editor)
    assert (told.changed, told.added, told.unchanged, told.problems) == (1, 1, 1, ())
    by_code = {each.code: each for each in lists.proposals(story.matter)}
    assert (by_code["NEW-1"].disposition, by_code[rows[0].code].disposition) == ("add", "amend")
    assert [each.label for each in lists.changes_of(by_code[rows[0].code], story.at)] == ["承诺办结时限"]
