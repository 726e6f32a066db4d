"""A building goes through its four stages: each one application to several departments, each opened by the one before."""

from __future__ import annotations

from playwright.sync_api import expect
from screens import PHONE, fits

import build
import joint
from build import moment
from xiaoneng.approval.actions import review
from xiaoneng.approval.joint import accepting, filing, following, opening, reads
from xiaoneng.approval.models import Theme, ThemeItem
from xiaoneng.jobs import time_machine

STAGES = ("立项用地规划许可", "工程建设许可", "施工许可", "竣工验收")
PERSON = {
    "name": "沈若溪",
    "identity": "11010519491231002X",
    "contact": "沈若溪",
    "phone": "13812342607",
    "content": "建设厂房。",
}


def lay(city):
    """Write the four stages, of two departments each, and the people of both."""
    other = joint.sister(city, "自然资源局")
    before, codes = None, []
    for stage, name in enumerate(STAGES, start=1):
        theme = Theme.objects.create(
            code=f"stage-{stage}", name=name, lead=city.department, stage=stage, after=before, days=20,
            changed_at=moment("2026-01-05"), changed_by="清单",
        )  # fmt: skip
        for place, where in enumerate((city, other), start=1):
            papers = ("项目总平面图",) if stage == 1 else ()
            version = build.item(where, materials=papers, steps=(), name=f"{name}事项{place}")
            ThemeItem.objects.create(theme=theme, position=place, item=version.item, after=[1] if place == 2 else [])
        before = theme
        codes.append(theme.code)
    return codes, other


def test_a_building_through_its_four_stages(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))
    _, other = live.look(lambda: lay(live.city))
    mine = visit("citizen", "/themes")
    assert all(name in mine.inner_text("main") for name in STAGES)
    mine.goto("/themes/stage-2")
    mine.click("text=开始填写，一张表")
    expect(mine.locator("text=要在前一阶段").first).to_be_visible()
    for stage in range(1, 5):
        day = f"2026-03-{stage * 2 + 1:02d}"
        live.stand_at(moment(day, "10:00"))
        by_hand = stage in (1, 4)  # those between go the same way, without the browser
        number = apply(mine, stage) if by_hand else live.look(lambda stage=stage, day=day: walk(live.city, stage, day))
        if by_hand:
            accept(visit("clerk", f"/desk/joint/{number}"))
        if stage == 4:
            accept_together(live, visit, number, other)
        live.look(lambda number=number, day=day: grant_both(live.city, other, number, day))
        mine.goto(f"/joint/{number}")
        expect(mine.locator("text=全部准予").first).to_be_visible()
        if stage < 4:
            expect(mine.locator(f"text=申请第 {stage + 1} 阶段")).to_be_visible()
    mine.set_viewport_size(PHONE)
    assert fits(mine)


def apply(mine, stage: int) -> str:
    """Apply for a stage in the browser and give the number of its one receipt."""
    mine.goto(f"/themes/stage-{stage}")
    mine.fill("[name=project]", "三号厂房")
    mine.click("text=开始填写，一张表")
    for field, value in PERSON.items():
        mine.fill(f"[name={field}]", value)
    if stage == 1:
        expect(mine.locator("text=2 个事项共用一份")).to_be_visible()
        drawing = {"name": "图.png", "mimeType": "image/png", "buffer": build.picture().read()}
        mine.set_input_files("input[type=file] >> nth=0", drawing)
    mine.click("button:has-text('下一步：核对')")
    mine.click("button:has-text('确认提交')")
    expect(mine.locator("text=这是您的收件凭证")).to_be_visible()
    return mine.url.split("/")[-1].split("?")[0]


def accept(desk) -> None:
    """Accept for both departments in the browser."""
    desk.click("#move-accept summary")
    desk.click("#move-accept button.button:not(.button-quiet)")
    expect(desk.locator("text=并联办理中").first).to_be_visible()


def walk(city, stage: int, day: str) -> str:
    """Apply for a stage and accept it through the same actions."""
    at = moment(day, "10:00")
    with time_machine.at(at):
        matter = opening.open_joint(
            theme=f"stage-{stage}",
            chosen=(),
            by=city.citizen.account,
            channel="online",
            at=at,
            key=None,
            form=build.FORM,
        )
        filing.submit(matter, by=city.citizen, at=at, key=None)
        accepting.accept(matter, by=city.clerk, at=at, key=None)
        return reads.load(matter).number


def accept_together(live, visit, number: str, other) -> None:
    """Call the joint acceptance of the works in the browser: one opinion of two departments."""
    desk = visit("reviewer", f"/desk/joint/{number}")
    assert fits(desk)
    desk.click("#move-arrange summary")
    desk.select_option("#move-arrange [name=kind]", "completion")
    desk.fill("#move-arrange [name=starts_at]", "2026-03-09T14:00")
    desk.fill("#move-arrange [name=place]", "三号厂房")
    for who in (live.city.reviewer, other.reviewer):
        desk.check(f"#move-arrange [value='{who.account}']")
    desk.click("#move-arrange button.button:not(.button-quiet)")
    expect(desk.locator("text=联合验收").first).to_be_visible()
    live.stand_at(moment("2026-03-09", "15:00"))
    desk.goto(desk.url)
    desk.click("#move-record summary")
    desk.fill("#move-record [name=findings]", "各项符合要求，同意通过验收。")
    desk.click("#move-record button.button:not(.button-quiet)")
    expect(desk.locator("text=同意通过验收").first).to_be_visible()


def grant_both(city, other, number: str, day: str) -> None:
    """Let both departments decide, one after the other, as their order is."""
    at = moment(day, "16:00")
    joint_case = reads.load(number).id
    with time_machine.at(at):
        for place, where in ((1, city), (2, other)):
            line = next(each for each in reads.branches(joint_case) if each.position == place)
            review.grant(line.matter, by=where.head, at=at, key=None, opinion="准予")
            following.follow(line.matter, at)
