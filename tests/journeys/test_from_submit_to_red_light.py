"""One application from the search box to its red light and on to the delivered decision, in a real browser."""

import re
import time

from playwright.sync_api import expect
from screens import PHONE, WIDE, fits, tells, text_of

import build
from build import moment
from xiaoneng.approval import reads
from xiaoneng.matters import reads as matters
from xiaoneng.supervision import reads as supervision


def upload(page, name: str) -> None:
    for field in page.locator("input[type=file]").all():
        field.set_input_files({"name": name, "mimeType": "image/png", "buffer": build.picture().read()})


def test_from_submit_to_red_light(live, visit):
    live.stand_at(moment("2026-03-01", "20:14"))  # a Sunday evening

    # The citizen searches with one character, opens the item and applies.
    page = visit("citizen", "/", at_the_door=True)
    page.fill("#q", "燃")
    page.press("#q", "Enter")
    page.click("text=燃气经营许可证核发")
    page.click("text=在线申请")
    expect(page.locator("text=草稿，还没有提交")).to_be_visible()
    page.click("button[value=review]")
    expect(page.locator("text=还差“申请书”").first).to_be_visible()  # every obstacle at once
    expect(page.locator("text=还没有填写申请内容").first).to_be_visible()
    page.goto(page.url.replace("/review", ""))
    page.fill("#id_content", "申请核发燃气经营许可证。")
    upload(page, "材料.png")
    page.click("button[value=review]")
    page.click('button:has-text("确认提交")')
    receipt = text_of(page)
    number = re.search(r"A\d+S20260301\d{5}", receipt).group(0)
    code = page.locator("dd.code").nth(1).inner_text()
    assert page.locator("main svg[role=img]").count() == 1 and re.search(r"[0-9a-f]{64}", receipt)

    # The clerk finds it on top of the worklist, with the keyboard alone, and accepts it.
    live.stand_at(moment("2026-03-02", "09:12"))
    desk = visit("clerk", "/desk/", at_the_door=True)
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/cases/**")
    desk.keyboard.press("a")
    expect(desk.locator("#move-accept >> text=承诺期限至 2026年3月12日")).to_be_visible()
    desk.click("text=受理并发通知书")
    expect(desk.locator("text=办件编号").first).to_be_visible()
    case = live.look(lambda: reads.load(number).number)

    # A special procedure stops the clock, its end starts it again.
    live.stand_at(moment("2026-03-09", "15:10"))
    desk = visit("reviewer", f"/desk/cases/{case}")
    desk.keyboard.press("t")
    desk.select_option("#move-suspend select", "expert_review")
    desk.fill("#move-suspend [name=days]", "10")
    desk.fill("#move-suspend [name=reason]", "涉及公共安全")
    desk.click("text=启动并发告知书")
    board = visit("supervisor", "/supervise/")
    assert board.locator(".tile-paused .n").inner_text() == "1"
    live.stand_at(moment("2026-03-20", "16:40"))
    desk.goto(f"/desk/cases/{case}")
    desk.click("#move-resume summary")
    desk.fill("#move-resume [name=result]", "原则通过")
    desk.click("text=登记结果，恢复计时")

    # Anybody with number and code follows it, without an account, on a phone, without scripts.
    phone = visit(None, "/progress", size=PHONE, scripts=False)
    phone.fill("[name=number]", number.lower())
    phone.fill("[name=code]", code.lower())
    phone.click("text=查看进度")
    told = text_of(phone)
    assert "3月25日" in told and "4月13日" in told and "9 个工作日不计" in told and "第20日" in told

    # The board turns red by itself within two seconds of the close of business.
    live.stand_at(moment("2026-03-25", "16:59:58"))
    board.goto("/supervise/")
    assert board.locator(".tile-red .n").inner_text() == "0"
    board.wait_for_selector(".tile-red .n a", timeout=4_500)
    assert live.look(lambda: reads.load(number).red_at) == moment("2026-03-25", "17:00")
    board.click(".red-panel tbody a")
    expect(board.locator("text=超期").first).to_be_visible()
    tells(board.locator("main"), "只增不改")

    # It is on record with the instant it came true.
    records = wait_for(lambda: live.look(lambda: supervision.records_of(reads.load(number).id)))
    assert [(r.clock, r.since) for r in records] == [("promised", moment("2026-03-25", "17:00"))]

    # Reviewed, granted by another, delivered; the documents stand and print.
    live.stand_at(moment("2026-03-26", "10:00"))
    desk.goto(f"/desk/cases/{case}")
    desk.click("#move-review summary")
    desk.fill("#move-review [name=opinion]", "符合条件。")
    desk.click("text=提交审查意见")
    head = visit("head", f"/desk/cases/{case}")
    head.click("#move-grant summary")
    head.click("text=准予并发出决定书")
    clerk = visit("clerk", f"/desk/cases/{case}")
    clerk.click("#move-deliver summary")
    clerk.click("text=登记送达")
    page.goto(f"/progress/{case}")
    tells(page.locator("main"), "准予，已送达")
    documents = live.look(lambda: matters.documents(reads.load(number).id))
    assert [d.title for d in documents] == [
        "申请材料接收凭证", "受理通知书", "特别程序告知书", "准予行政许可决定书", "送达回证",
    ]  # fmt: skip
    printed = wait_for(lambda: all(d.sha256 for d in live.look(lambda: matters.documents(documents[0].matter))))
    assert printed, "the worker has made every PDF"
    page.goto(f"/notices/{documents[1].verify_code}")
    tells(page.locator("main"), documents[1].number)


def wait_for(question, seconds: float = 20):
    end = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.5)
    return answer


def test_every_page_fits_a_desk_and_a_phone(live, visit):
    live.stand_at(moment("2026-03-23", "10:24"))

    def walk():
        from xiaoneng.jobs import time_machine

        with time_machine.at(moment("2026-03-20")):
            walk = build.Walk(live.city, live.version).received(moment("2026-03-20")).accepted(moment("2026-03-20"))
            return walk.file.called, matters.documents(walk.matter)[0].verify_code

    number, code = live.look(walk)
    public = ["/", "/search", "/search?q=燃气", f"/items/{live.version.item.code}", "/login", "/progress", "/verify",
              f"/verify?code={code}", f"/notices/{code}", "/nothing-here"]  # fmt: skip
    own = [(None, public), ("citizen", ["/mine", f"/progress/{number}"]),
           ("reviewer", ["/desk/", "/desk/all", f"/desk/cases/{number}"]),
           ("clerk", ["/desk/intake", f"/desk/intake/{live.version.item.code}"]),
           ("supervisor", ["/supervise/", "/supervise/matters", f"/supervise/matters/{number}"])]  # fmt: skip
    wide = []
    for who, paths in own:
        page = visit(who)
        for path in paths:
            page.goto(path, wait_until="domcontentloaded")
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                if not fits(page):
                    wide.append(f"{path} at {size['width']}")
    assert wide == []


def test_a_double_click_on_submit_makes_one_application(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))
    page = visit("citizen", f"/items/{live.version.item.code}", scripts=False)
    page.click("text=在线申请")
    page.fill("#id_content", "双击测试")
    upload(page, "材料.png")
    page.click("button[value=review]")
    page.dblclick('button:has-text("确认提交")')
    page.wait_for_url("**/receipts/**")
    assert live.look(lambda: reads.visible_to_applicant(live.city.citizen.account).filter(version=1).count()) == 1
