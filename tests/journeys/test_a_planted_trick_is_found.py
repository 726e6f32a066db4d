"""A planted trick is found by the worker and followed up in a real browser: asked, explained, confirmed, exported, carded."""

import csv
import io
import time

from screens import PHONE, WIDE, fits, tells

import build
from build import moment
from xiaoneng.approval.actions import special
from xiaoneng.jobs import time_machine
from xiaoneng.supervision import models
from xiaoneng.supervision.findings import detect
from xiaoneng.trail.models import Record

DUE_SOON = moment("2026-03-12", "09:30")


def test_a_planted_trick_is_found_and_followed_up_to_a_card(live, visit):
    def plant():
        with time_machine.at(moment("2026-03-02")):
            case = build.Walk(live.city, live.version).received(moment("2026-03-02"))
        case.accepted(moment("2026-03-02", "11:00"))
        case.do(special.suspend, DUE_SOON, live.city.reviewer, kind="testing", days=10, reason="涉及公共安全，需要检测")
        with time_machine.at(DUE_SOON):
            detect.in_cases(lambda: DUE_SOON)  # what the worker does every ten minutes
        return case.file.called

    number = live.look(plant)
    live.stand_at(moment("2026-03-12", "10:00"))

    # She sees what was found, with the facts of that moment, and asks the department.
    office = visit("supervisor", "/supervise/findings")
    office.click("table a:has-text('临近到期停表') >> nth=-1")
    office.click("table.sheet tbody a >> nth=-1")
    tells(office.locator("main"), number, "涉及公共安全，需要检测")
    office.fill("#ask_wants", "为什么到最后一天才送检？")
    office.dblclick("button[value=ask]")
    office.wait_for_selector("text=待说明")
    address = office.url

    # The head explains; she finds it true and issues a card that carries the finding with it.
    head = visit("head", "/desk/supervision")
    head.click("tr:has-text('临近到期停表') a")
    head.fill("#explain_text", "检测机构排期晚，没有提前联系。")
    head.click("button[value=explain]")
    office.goto(address)
    office.fill("#confirm_opinion", "事实清楚，属实。")
    office.click("button[value=confirm]")
    office.click("text=据此发牌")
    for size in (PHONE, WIDE):
        office.set_viewport_size(size)
        assert fits(office)
    office.fill("#id_grounds", "到期当天才送检，期限因此后移十个工作日。")
    office.dblclick("button:has-text('发牌')")
    office.wait_for_selector("text=F-PAUSE-LATE")
    assert live.look(models.Card.objects.filter(rule="V-SUSP", by_hand=True).count) == 1

    # The list leaves the platform as a table, and that is on record.
    with office.expect_download() as taken:
        office.goto(address.rsplit("/", 1)[0])
        office.click("a:has-text('CSV')")
    rows = list(csv.reader(io.StringIO(taken.value.path().read_bytes().decode("utf-8-sig"))))
    assert rows[1][1] == "F-PAUSE-LATE"
    assert wait_for(lambda: live.look(Record.objects.filter(kind="export", about="监察发现").exists))


def wait_for(condition, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
    return condition()
