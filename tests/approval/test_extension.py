"""Lengthening a limit: by the licensing law or by special law, once, in time, never by who reviewed the case."""

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval.actions import extension
from xiaoneng.approval.models import Terms
from xiaoneng.org.models import Holding, Role
from xiaoneng.rules.grounds import Obstructed

pytestmark = pytest.mark.django_db


def test_special_law_may_allow_more_than_ten_days():
    where = build.city()
    version = build.item(where)
    Terms.objects.create(
        version=version, extension_n=40, extension_unit="working_day", set_at=moment("2026-01-05"),
        extension_basis="企业投资项目核准和备案管理条例第十条",
    )  # fmt: skip
    walk = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    with pytest.raises(Obstructed, match="1 到 40 的整数"):
        walk.extended(moment("2026-03-03"), days=41)
    walk.extended(moment("2026-03-03"), days=40)
    assert walk.file.clock("statutory").due_on == date(2026, 5, 28)


def test_special_law_may_extend_a_limit_in_calendar_days():
    where = build.city()
    version = build.item(where, statutory=30, promised=None, unit="calendar_day")
    Terms.objects.create(
        version=version, extension_n=15, extension_unit="calendar_day", extension_basis="某条例第三条",
        set_at=moment("2026-01-05"),
    )  # fmt: skip
    walk = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.extended(moment("2026-03-10"), days=15)
    assert walk.file.clock("statutory").due_on == date(2026, 4, 16)


def test_without_special_law_eleven_days_are_too_many():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    with pytest.raises(Obstructed, match="1 到 10 的整数"):
        walk.extended(moment("2026-03-03"), days=11)


def test_who_reviewed_the_case_does_not_approve_its_extension():
    where = build.city()
    Holding.objects.create(
        account_id=where.reviewer.account, role=Role.objects.get(code="head"), department=where.department,
        during=(build.LONG_AGO, None),
    )  # fmt: skip
    walk = build.application(where).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.reviewed(moment("2026-03-03"))
    with pytest.raises(Obstructed, match="不能批准它的延期"):
        walk.do(extension.extend, moment("2026-03-04"), where.reviewer, days=3, reason="核实")
