"""The real flow: how often, how long, what again, which ways; each figure opens down to its cases."""

import pytest

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.supervision.process.mining import BEGIN, Trace, going, mined, passing, repeating
from xiaoneng.supervision.process.outline import outline
from xiaoneng.trail import reads as trail

DAY = 86400.0


def days(first, last):
    return (last - first) / DAY


def trace(case, *steps):
    return Trace(case, tuple(s for s, _ in steps), tuple(n * DAY for _, n in steps), tuple(range(len(steps))))


TRACES = [
    trace(1, ("receive", 0), ("check", 2), ("decide", 5)),
    trace(2, ("receive", 0), ("check", 4), ("check", 5), ("decide", 6)),
    trace(3, ("receive", 0), ("check", 6), ("decide", 9)),
]


def test_passages_have_their_counts_and_their_times():
    found = mined(TRACES, days)
    row = next(each for each in found.passages if (each.source, each.target) == ("receive", "check"))
    assert (row.times, row.cases, row.half, row.nine_tenths, row.total) == (3, 3, 4.0, 6.0, 12.0)
    assert (found.cases, found.events, found.half) == (3, 10, 6.0)
    assert found.bottlenecks(1)[0].target == "check"


def test_what_is_done_again_is_counted_by_case_and_opens_to_it():
    step = next(each for each in mined(TRACES, days).steps if each.name == "check")
    assert (step.times, step.cases, step.again, repeating(TRACES, "check")) == (4, 3, 1, [2])


def test_ways_are_counted_and_each_opens_to_its_cases():
    found = mined(TRACES, days)
    assert [(each.cases, going(TRACES, each.mark)) for each in found.ways] == [(2, [1, 3]), (1, [2])]
    assert passing(TRACES, ("check", "check")) == [2]


def test_steps_of_one_moment_follow_each_other_in_no_order():
    one = Trace(1, ("b", "a", "c"), (0.0, 0.0, DAY), (0, 0, 1))
    other = Trace(2, ("a", "b", "c"), (0.0, 0.0, DAY), (0, 0, 1))
    found = mined([one, other], days)
    pairs = {(each.source, each.target): each.times for each in found.passages}
    assert found.all_ways == 1 and ("a", "b") not in pairs and ("b", "a") not in pairs
    assert pairs["a", "c"] == pairs["b", "c"] == pairs[BEGIN, "a"] == 2


def test_a_picture_of_few_steps_keeps_a_way_into_and_out_of_each():
    whole = mined(TRACES, days)
    fewer, passages = outline(TRACES, whole, 2, days)
    assert {each.name for each in fewer.steps} == {"receive", "check"} or len(fewer.steps) == 2
    sources, targets = {each.source for each in passages}, {each.target for each in passages}
    assert all(each.name in sources and each.name in targets for each in fewer.steps)


@pytest.mark.django_db
def test_a_supervisor_sees_the_real_flow_and_opens_a_figure_down_to_its_case(client):
    now = moment("2026-03-23", "10:24")
    with time_machine.at(now):
        walk = build.application().received(moment("2026-03-19")).asked(moment("2026-03-20"))
        client.force_login(_account(walk.city.supervisor))
        page = client.get("/supervise/process?period=0")
        assert page.status_code == 200
        text = page.content.decode()
        assert "一次性告知补正" in text and "提交申请" in text and "<svg" in text
        cases = client.get("/supervise/process/cases?period=0&step=一次性告知补正").content.decode()
        assert walk.file.called in cases
        assert walk.file.called not in client.get("/supervise/process/cases?period=0&step=准予许可").content.decode()
        told = client.get("/supervise/process?period=0&form=csv").content.decode("utf-8-sig")
        assert "环节,一次性告知补正,,1,1" in told and "两步之间（个工作日）,提交申请,一次性告知补正,1,1" in told
        told = client.get("/supervise/process/cases?period=0&step=一次性告知补正&form=csv").content.decode("utf-8-sig")
        assert walk.file.called in told and len(told.splitlines()) == 2
        assert trail.records().filter(kind="export").count() == 2
        for odd in ("department=x", "period=7", "size=-1", "department=99999", "item=none"):
            assert client.get(f"/supervise/process?{odd}").status_code == 200


@pytest.mark.django_db
def test_an_imported_log_is_explored_down_to_its_case(client, tmp_path):
    from little_logs import TWO, log
    from xiaoneng.history import reads
    from xiaoneng.history.actions import import_log
    from xiaoneng.kit import clock

    client.force_login(_account(build.city().supervisor))
    import_log(log(tmp_path, *TWO), now=clock.now)
    which = reads.logs()[0].id
    page = client.get(f"/supervise/history/{which}?on=2011-03-15").content.decode()
    assert "办结晚于来源写的期限" in page and "<svg" in page and "<b>1</b> 件在办" in page
    late = client.get(f"/supervise/history/{which}/cases?told=late").content.decode()
    assert "A-1" in late and "A-2" not in late
    case = next(iter(reads.cases(which).filter(name="A-1"))).matter_id
    shown = client.get(f"/supervise/history/{which}/cases/{case}").content.decode()
    assert "decide" in shown and "历史日志 little" in shown
    assert client.get(f"/supervise/history/{which}/cases/{case + 99}").status_code == 404
    assert client.get("/supervise/history/999").status_code == 404


def _account(actor):
    from xiaoneng.people.models import Account

    return Account.objects.get(pk=actor.account)
