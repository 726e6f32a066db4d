"""A project with an agent: the applicant asks, the agent answers with a plan and its dates, both follow it to its end."""

from __future__ import annotations

from playwright.sync_api import expect
from screens import PHONE, fits, tells

import build
from build import moment
from xiaoneng.people.models import Account

PLAN = "项目备案 | 发展和改革局 | 2026-03-06\n用地预审 | 自然资源和规划局 | 2026-03-13 | 1"


def agent_of(live) -> str:
    def sit() -> str:
        agent = build.holder(live.city.department, "帮办员", "agency_service")
        return Account.objects.get(pk=agent.account).username

    return live.look(sit)


def test_a_project_and_its_agent_from_the_request_to_the_end(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))
    live.logins["agent"] = agent_of(live)

    mine = visit("citizen", "/agency")
    mine.fill("[name=project]", "新材料厂")
    mine.fill("[name=investment]", "300")
    for field, value in (("contact", "沈若溪"), ("content", "申请代办新材料厂的全部审批。")):
        mine.fill(f"[name={field}]", value)
    mine.click("text=申请代办 >> nth=-1")
    expect(mine.locator("text=都没有达到代办标准").first).to_be_visible()
    mine.fill("[name=investment]", "8600")
    mine.click("button:has-text('申请代办')")
    tells(mine.locator(".answer"), "3月4日")  # two working days to answer
    expect(mine.locator("text=代办申请接收单")).to_be_visible()

    desk = visit("agent", "/desk/projects")
    desk.click("tr:has-text('新材料厂') a")
    desk.click("#move-take_on summary")
    desk.fill("#move-take_on [name=plan]", PLAN.replace("2026-03-06", "2026-03-20"))
    desk.click("#move-take_on button.button:not(.button-quiet)")
    expect(desk.locator("text=在它的前置（第 1 行）完成之前就到期").first).to_be_visible()
    desk.fill("#move-take_on [name=plan]", PLAN)
    desk.click("#move-take_on button.button:not(.button-quiet)")
    expect(desk.locator("text=用地预审").first).to_be_visible()
    assert fits(desk)

    mine.reload()
    tells(mine.locator(".answer"), "3月13日")
    tells(mine.locator("main"), "帮办员")
    expect(mine.locator("text=在第 1 项之后")).to_be_visible()
    mine.set_viewport_size(PHONE)
    assert fits(mine)

    live.stand_at(moment("2026-03-05", "10:00"))
    for step in ("1", "2"):
        desk.click("#move-tick summary")
        desk.select_option("#move-tick [name=step]", step)
        desk.check("#move-tick [name=done]")
        desk.click("#move-tick button.button:not(.button-quiet)")
        expect(desk.locator("text=已登记：登记一项进展")).to_be_visible()
    desk.click("#move-complete summary")
    desk.fill("#move-complete [name=note]", "两项都提前办完。")
    desk.click("#move-complete button.button:not(.button-quiet)")
    mine.reload()
    tells(mine.locator(".answer"), "代办完成")
    expect(mine.locator("text=代办服务办结单")).to_be_visible()
