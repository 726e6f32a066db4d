"""Roles in office: by document and period, never back-dated, and three administrators who are three people."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

import build
from build import moment
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import reads, registers, staffing
from xiaoneng.org.models import Holding, Role
from xiaoneng.org.staffing import Grant
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import Administrator
from xiaoneng.trail import reads as trail
from xiaoneng.trail.actions import By

pytestmark = pytest.mark.django_db
AT, TODAY = moment("2026-03-23"), date(2026, 3, 23)
BY = By(0, "安全管理员")
PAPER = "安任〔2026〕3号"


def wish(account, role="reviewer", **more) -> Grant:
    known = {"department": None, "region": None, "since": TODAY, "until": None, "authority": PAPER} | more
    return Grant(account, role, **known)


def grant(account, role="reviewer", **more) -> int:
    return staffing.grant(wish(account, role, **more), by=BY, at=AT, about="某人")


def test_a_granted_role_is_held_on_its_days_and_rests_on_its_document():
    where = build.city()
    grant(where.clerk.account, department=where.department.pk, until=date(2026, 3, 31))
    held = reads.roles_of(where.clerk.account, where.department.pk, date(2026, 3, 31))
    assert ("reviewer", PAPER) in {(each.role.value, each.authority) for each in held}
    assert all(
        each.role != "reviewer" for each in reads.roles_of(where.clerk.account, where.department.pk, date(2026, 4, 1))
    )
    assert trail.lines_of(trail.records(key=f"account:{where.clerk.account}"))[0].what == "授予角色"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"since": date(2026, 3, 22)}, "不能倒签"),
        ({"until": date(2026, 3, 20)}, "结束日期在开始日期之前"),
        ({"authority": " "}, "授权文书"),
    ],
)
def test_what_stands_against_a_grant_is_said(more, said):
    with pytest.raises(Amiss, match=said):
        grant(build.account("陆远").account, **more)


def test_nobody_grants_himself_a_role():
    pk = build.account("江安全").account
    with pytest.raises(NotAllowed, match="不能给自己授权"):
        staffing.grant(wish(pk), by=By(pk, "江安全"), at=AT, about="江安全")


def test_the_same_role_for_the_same_reach_is_not_granted_twice_for_one_day():
    pk = build.account("陆远").account
    grant(pk)
    with pytest.raises(Amiss, match="已经有同样的授权"):
        grant(pk, since=date(2026, 5, 1), until=date(2026, 5, 2))


@pytest.mark.parametrize("second", list(Administrator))
def test_nobody_is_two_administrators_on_one_day_nor_handles_cases_beside(second):
    pk = build.account("江管理").account
    grant(pk, "system_administrator", until=date(2026, 4, 30))
    with pytest.raises(Amiss):
        grant(pk, second.value, since=date(2026, 4, 30))
    with pytest.raises(Amiss, match="三员不办件"):
        grant(pk, "window")
    grant(pk, second.value, since=date(2026, 5, 1))
    assert reads.administrator_of(pk, date(2026, 5, 1)) == {second}


def test_the_database_itself_refuses_one_person_as_two_administrators():
    pk = build.account("江管理").account
    for role, refused in (("security_administrator", False), ("audit_administrator", True)):
        try:
            with transaction.atomic():
                Holding.objects.create(account_id=pk, role=Role.objects.get(pk=role), during=(TODAY, None))
        except IntegrityError as error:
            assert refused and "nobody_is_two_administrators" in str(error)
        else:
            assert not refused


def test_a_stand_in_needs_an_end_and_somebody_who_holds_the_role_as_widely():
    where = build.city()
    reviewer, clerk = where.reviewer.account, where.clerk.account
    asked = {"department": where.department.pk, "stands_in_for": reviewer}
    with pytest.raises(Amiss, match="结束日期"):
        grant(clerk, **asked)
    with pytest.raises(Amiss, match="没有这个角色，或者范围"):
        grant(clerk, "head", until=date(2026, 4, 1), **asked)
    with pytest.raises(Amiss, match="没有这个角色，或者范围"):
        grant(clerk, until=date(2026, 4, 1), stands_in_for=reviewer)  # everywhere, and she has one department
    staffing.grant(wish(clerk, until=date(2026, 4, 1), **asked), by=BY, at=AT, about="陆远舟", for_whom="顾知行")
    (found,) = registers.stand_ins(TODAY)
    assert (found.name, found.stands_in_for, found.authority) == ("陆远舟", "顾知行", f"代 顾知行（{PAPER}）")


def test_a_role_ends_today_at_the_earliest_and_one_not_begun_is_taken_back():
    pk = build.account("陆远").account
    now, later = grant(pk), grant(pk, "head", since=date(2026, 6, 1))
    with pytest.raises(Amiss, match="最早到今天"):
        staffing.end(now, date(2026, 3, 22), by=BY, at=AT, about="陆远", reason="轮岗")
    with pytest.raises(Amiss, match="写明原因"):
        staffing.end(now, TODAY, by=BY, at=AT, about="陆远", reason=" ")
    staffing.end(now, TODAY, by=BY, at=AT, about="陆远", reason="轮岗")
    staffing.end(later, date(2026, 5, 31), by=BY, at=AT, about="陆远", reason="不去了")
    assert [(each.role, each.last) for each in registers.holdings_of(pk, TODAY)] == [("审查人员", TODAY)]
