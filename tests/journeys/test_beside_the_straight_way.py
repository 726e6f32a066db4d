"""A hearing with its pause, a supplement from home, an extension: what people do beside the straight way, in a browser."""

from playwright.sync_api import expect
from screens import PHONE, WIDE, fits, tells, text_of

import build
from build import moment
from xiaoneng.approval import reads
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters


def at_review(live, day: str) -> str:
    """Walk an application to its review and give its number."""

    def walk() -> str:
        at = moment(day, "09:00")
        with time_machine.at(at):
            return build.Walk(live.city, live.version).received(at).accepted(at).file.called

    return live.look(walk)


def open_move(page, name: str) -> None:
    if not page.locator(f"#move-{name}").is_visible():
        page.click("details.beside > summary")
    page.click(f"#move-{name} summary")


def test_a_hearing_with_its_pause(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))
    case = at_review(live, "2026-03-02")
    desk = visit("reviewer", f"/desk/cases/{case}")
    open_move(desk, "suspend")
    desk.select_option("#move-suspend select", "hearing")
    desk.fill("#move-suspend [name=days]", "12")
    desk.fill("#move-suspend [name=reason]", "利害关系人要求听证")
    desk.click("text=启动并发告知书")
    desk.goto(f"/desk/cases/{case}?open=schedule_hearing")
    expect(desk.locator("text=最早 2026-03-11")).to_be_visible()
    desk.eval_on_selector("#move-schedule_hearing [name=day]", "field => field.removeAttribute('min')")
    desk.fill("#move-schedule_hearing [name=day]", "2026-03-10")
    desk.fill("#move-schedule_hearing [name=place]", "三楼会议室")
    desk.select_option("#move-schedule_hearing select", label="周启明")
    desk.click("text=发出听证通知书")
    expect(desk.locator("text=听证至少要提前 7 个工作日通知").first).to_be_visible()
    desk.fill("#move-schedule_hearing [name=day]", "2026-03-11")
    desk.click("text=发出听证通知书")
    desk.goto(f"/desk/cases/{case}?open=call_off")
    assert fits(desk)
    expect(desk.locator("#move-call_off")).to_be_visible()
    desk.set_viewport_size(PHONE)
    assert fits(desk)
    desk.set_viewport_size(WIDE)

    live.stand_at(moment("2026-03-11", "11:00"))
    desk.goto(f"/desk/cases/{case}?open=record_hearing")
    desk.fill("#move-record_hearing [name=attendees]", "申请人代表\n邻居李四")
    desk.fill("#move-record_hearing [name=transcript]", "李四反对夜间卸气；申请人承诺白天作业。")
    desk.click("text=参加人已经核对并签字")
    desk.click("#move-record_hearing button.button:not(.button-quiet)")
    desk.goto(f"/desk/cases/{case}?open=resume")
    desk.fill("#move-resume [name=result]", "多数赞成，附条件")
    desk.click("text=登记结果，恢复计时")
    file = live.look(lambda: reads.load(case))
    assert not file.paused and str(file.clock("statutory").pauses[0].end) == "2026-03-11"
    titles = [each.title for each in live.look(lambda: matters.documents(file.id))]
    assert titles[-4:] == ["特别程序告知书", "听证通知书", "听证公告", "听证笔录"]
    # What the neighbour said stays with those who handle the case.
    citizen = visit("citizen", f"/progress/{case}")
    told = text_of(citizen)
    assert "举行听证" in told and "夜间卸气" not in told
    tells(desk.locator("main"), "夜间卸气")


def test_a_supplement_from_home(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))

    def walk() -> tuple[int, str]:
        at = moment("2026-03-02", "09:00")
        with time_machine.at(at):
            walk = build.Walk(live.city, live.version).received(at)
            return walk.matter, walk.file.called

    matter, number = live.look(walk)
    clerk = visit("clerk", f"/desk/cases/{number}?open=request_correction")
    clerk.fill(
        "#move-request_correction [name=lacks]", "缺少经营场所证明 | 产权证或者租赁合同 | 《城镇燃气管理条例》第十五条"
    )
    clerk.click("text=发出一次性告知书")
    notice = live.look(lambda: matters.documents(matter)[-1].verify_code)
    live.stand_at(moment("2026-03-04", "20:00"))
    phone = visit("citizen", f"/applications/{matter}/supplement", size=PHONE)
    assert fits(phone)
    expect(phone.locator("text=缺少经营场所证明").first).to_be_visible()
    phone.goto(f"/notices/{notice}")
    tells(phone.locator("main"), "视为放弃本次申请")
    phone.goto(f"/applications/{matter}/supplement")
    phone.fill("[name=note]", "租赁合同已经上传")
    phone.click("button[value=submit]")
    live.stand_at(moment("2026-03-06", "10:00"))
    clerk.goto(f"/desk/cases/{number}")
    tells(clerk.locator("main"), "租赁合同已经上传")
    clerk.click("#move-accept summary")
    clerk.click("text=受理并发通知书")
    clock = live.look(lambda: reads.load(matter).clock("statutory"))
    assert str(clock.started_on) == "2026-03-05"  # after hours on the 4th; the clerk's two days are his own


def test_an_extension_is_approved_by_the_head_and_seen_by_the_applicant(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))
    case = at_review(live, "2026-03-02")
    live.stand_at(moment("2026-03-10", "10:00"))
    head = visit("head", f"/desk/cases/{case}?open=extend")
    head.fill("#move-extend [name=days]", "11")
    head.fill("#move-extend [name=reason]", "需要跨部门核实")
    head.click("text=批准延长并告知")
    expect(head.locator("text=延长天数应为 1 到 10 的整数").first).to_be_visible()
    head.fill("#move-extend [name=days]", "10")
    head.click("text=批准延长并告知")
    citizen = visit("citizen", f"/progress/{case}")
    told = text_of(citizen)
    assert "4月14日" in told and "需要跨部门核实" in told
    head.goto(f"/desk/cases/{case}")
    expect(head.locator("text=本件已经延长过一次")).to_be_visible()
