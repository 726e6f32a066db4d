"""The case page: what a move will do is told before, the next case comes after, files open safely, words stay."""

import re
from uuid import uuid4

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")


@pytest.fixture
def now(db):
    with time_machine.at(NOW):
        yield NOW


@pytest.fixture
def three(now):
    """Three cases on the reviewer's desk, the first to turn red first."""
    where = build.city()
    version = build.item(where)
    days = [moment(day) for day in ("2026-03-12", "2026-03-13", "2026-03-16")]
    return where, [build.application(where, version).received(day).accepted(day) for day in days]


def signed_in(actor) -> Client:
    from xiaoneng.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def review(client, number, **more):
    return client.post(f"/desk/cases/{number}/review", {"form_key": str(uuid4()), "opinion": "符合条件"} | more)


def hidden(text: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', text).group(1)


def test_a_case_opened_from_a_list_knows_its_neighbours(three):
    where, (first, second, third) = three
    text = signed_in(where.reviewer).get(f"/desk/cases/{second.file.number}?in=desk%3F").content.decode()
    assert "第 2 件，共 3 件" in text
    assert f'/desk/cases/{first.file.number}?in=desk%3F" data-hotkey="k"' in text
    assert f'/desk/cases/{third.file.number}?in=desk%3F" data-hotkey="j"' in text
    alone = signed_in(where.reviewer).get(f"/desk/cases/{second.file.number}").content.decode()
    assert "下一件" not in alone.replace("下一件 / 上一件", "").replace("接着看下一件", "")


def test_after_a_move_the_next_case_of_the_list_is_on_the_page_and_tells_what_was_done(three):
    where, (first, second, third) = three
    client = signed_in(where.reviewer)
    page = client.get(f"/desk/cases/{second.file.number}?in=desk%3F").content.decode()
    assert hidden(page, "next") == str(third.matter)
    posted = {"in": hidden(page, "in"), "next": hidden(page, "next")}
    answer = review(client, second.file.number, **posted)
    assert answer.url.startswith(f"/desk/cases/{third.file.number}?")
    text = client.get(answer.url).content.decode()
    assert "“审查”已办" in text and second.file.number in text and "第 2 件，共 2 件" in text
    assert first.file.state == third.file.state == "reviewing"


def test_the_last_case_of_a_list_leads_to_its_beginning_and_the_very_last_to_the_list(three):
    where, (first, second, third) = three
    client = signed_in(where.reviewer)
    order = []
    for walk in (third, first, second):
        page = client.get(f"/desk/cases/{walk.file.number}?in=desk%3F").content.decode()
        order.append(review(client, walk.file.number, **{"in": hidden(page, "in"), "next": hidden(page, "next")}).url)
    assert order[0].startswith(f"/desk/cases/{first.file.number}?")
    assert order[1].startswith(f"/desk/cases/{second.file.number}?")
    assert order[2].startswith("/desk/?done=") and "“审查”已办" in client.get(order[2]).content.decode()


def test_a_move_may_stay_on_its_case(three):
    where, (first, *_) = three
    answer = review(signed_in(where.reviewer), first.file.number, **{"in": "desk?", "then": "stay"})
    assert answer.url.startswith(f"/desk/cases/{first.file.number}?done=")


def test_pressing_twice_moves_once_and_lands_on_the_same_next_case(three):
    where, (first, second, _) = three
    client = signed_in(where.reviewer)
    posted = {"form_key": str(uuid4()), "opinion": "符合", "in": "desk?", "next": str(second.matter)}
    urls = {client.post(f"/desk/cases/{first.file.number}/review", posted).url for _ in range(2)}
    assert len(urls) == 1 and urls.pop().startswith(f"/desk/cases/{second.file.number}?")
    assert [line.move for line in matters.journal(first.matter)].count("review") == 1


def test_an_opinion_on_an_old_page_changes_nothing_and_stays_readable(three):
    where, (first, *_) = three
    first.reviewed(NOW)
    answer = review(signed_in(where.reviewer), first.file.number, opinion="我写了很久的意见")
    text = answer.content.decode()
    assert answer.status_code == 409 and "刚才填的还在这里" in text and "我写了很久的意见" in text
    assert first.file.state == "deciding" and first.file.version == 3


def test_a_session_that_ended_comes_back_to_the_open_move(three):
    where, (first, *_) = three
    address = f"/desk/cases/{first.file.number}/review"
    assert Client().post(address, {"opinion": "x"}).url.startswith("/login?next=")
    back = signed_in(where.reviewer).get(address)
    assert back.url == f"/desk/cases/{first.file.number}?open=review"
    assert 'id="move-review" data-key="g" open' in signed_in(where.reviewer).get(back.url).content.decode()


def test_what_a_move_will_change_is_told_before_with_basis_notice_and_who_goes_on(three):
    where, (first, *_) = three
    text = signed_in(where.reviewer).get(f"/desk/cases/{first.file.number}").content.decode()
    assert "决定，由部门负责人（周启明）办理" in text and "《行政许可法》第四十五条" in text
    assert "特别程序告知书" in text and "沈若溪，进度页和文书" in text
    first.suspended(NOW)
    text = signed_in(where.reviewer).get(f"/desk/cases/{first.file.number}").content.decode()
    told = re.search("明天起继续计算[^<]+", text)
    assert told and "承诺期限至 2026年3月24日" in told.group(), text[text.index("move-resume") :][:900]


def test_an_extension_tells_the_new_dates_for_the_days_that_are_typed(three):
    where, (_, _, third) = three
    head = signed_in(where.head)
    number = third.file.number
    text = head.get(f"/desk/cases/{number}").content.decode()
    assert f'hx-get="/desk/cases/{number}/preview/extend"' in text
    whole = "承诺期限由 2026年3月26日 改为 2026年4月10日"
    assert whole in text and whole in head.get(f"/desk/cases/{number}/preview/extend?days=10").content.decode()
    part = head.get(f"/desk/cases/{number}/preview/extend?days=2").content.decode()
    assert "延长 2 日；" in part and "改为 2026年3月30日" in part
    for odd in ("", "-3", "x", "９", "99999999"):
        assert head.get(f"/desk/cases/{number}/preview/extend?days={odd}").status_code == 200


def test_a_file_opens_in_place_and_can_run_and_load_nothing(three):
    where, (first, *_) = three
    client = signed_in(where.reviewer)
    page = client.get(f"/desk/cases/{first.file.number}").content.decode()
    address = re.search(r'href="(/desk/cases/[^"]+/files/\d+)"', page).group(1)
    answer = client.get(address)
    assert answer["Content-Type"] == "image/png" and answer["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)
    assert signed_in(build.city().reviewer).get(address).status_code == 404
    assert client.get(address.rsplit("/", 1)[0] + "/999999999").status_code == 404


def choose(client, walks, **more):
    return client.get("/desk/bulk", {"case": [walk.file.number for walk in walks], "in": "desk?"} | more)


def posted_from(page) -> dict:
    text = page.content.decode()
    fields = dict(re.findall(r'name="((?:key|step)-[^"]+)" value="([^"]*)"', text))
    return fields | {"case": re.findall(r'name="case" value="([^"]+)" checked', text), "in": "desk?"}


def test_several_cases_get_the_same_opinion_each_by_a_move_of_its_own(three):
    where, walks = three
    client = signed_in(where.reviewer)
    form = posted_from(choose(client, walks)) | {"opinion": "材料一致，符合条件。"}
    assert len({value for name, value in form.items() if name.startswith("key-")}) == 3
    text = client.post("/desk/bulk/review", form).content.decode()
    assert "办成 3 件" in text and text.count("现在是“决定”") == 3
    entries = [matters.journal(walk.matter)[0] for walk in walks]
    assert {entry.facts["what"]["opinion"] for entry in entries} == {"材料一致，符合条件。"}
    again = client.post("/desk/bulk/review", form).content.decode()
    assert again.count("没有重复办") == 3 and {walk.file.version for walk in walks} == {3}


def test_a_batch_tells_case_by_case_what_could_not_be_done_and_does_the_rest(three):
    where, (first, second, third) = three
    client = signed_in(where.reviewer)
    form = posted_from(choose(client, [first, second, third])) | {"opinion": "符合"}
    second.reviewed(NOW)  # a colleague is quicker
    del form[f"key-{third.file.number}"]
    text = client.post("/desk/bulk/review", form).content.decode()
    assert "办成 1 件，没有办成 2 件" in text and "表单不完整" in text
    assert (first.file.state, second.file.version, third.file.state) == ("deciding", 3, "reviewing")


def test_an_opinion_for_one_step_never_passes_the_next_step_in_a_batch(now):
    where = build.city()
    at = moment("2026-03-16")
    walk = build.application(where, build.item(where, steps=(("初审", None), ("复审", None)))).received(at).accepted(at)
    client = signed_in(where.reviewer)
    form = posted_from(choose(client, [walk])) | {"opinion": "初审意见"}
    walk.reviewed(NOW)  # a colleague passes the first step; the case still waits for a review, but for another one
    text = client.post("/desk/bulk/review", form).content.decode()
    assert "没有办成 1 件" in text and "刚刚已由别人审查" in text
    assert walk.file.step_name == "复审" and walk.file.version == 3


def test_a_batch_offers_only_what_needs_no_facts_of_the_single_case_and_keeps_steps_apart(three):
    where, (first, second, third) = three
    second.reviewed(NOW)
    client = signed_in(where.reviewer)
    text = choose(client, [first, second, third]).content.decode()
    assert "不在同一环节" in text and "提交审查意见" in text and "/bulk/suspend" not in text
    assert "要由部门负责人或分管领导来办" in text  # the one that waits for the decision
    for name in ("refuse", "suspend", "deliver", "nonsense"):
        assert client.post(f"/desk/bulk/{name}", {"case": [first.file.number]}).status_code == 404
    third.suspended(NOW)
    assert "特别程序还没有结束" in choose(client, [first, third]).content.decode()


def test_a_batch_without_opinion_or_cases_says_so_and_what_is_not_ones_own_is_left_out(three):
    where, walks = three
    client = signed_in(where.reviewer)
    form = posted_from(choose(client, walks))
    answer = client.post("/desk/bulk/review", form | {"opinion": " "})
    assert answer.status_code == 422 and "请填写审查意见" in answer.content.decode()
    assert "还没有选办件" in client.get("/desk/bulk").content.decode()
    stranger = signed_in(build.city().reviewer)
    assert stranger.post("/desk/bulk/review", form | {"opinion": "越权"}).status_code == 422
    assert {walk.file.state for walk in walks} == {"reviewing"}
