"""Forms of administration; each asks in plain words and says beneath the field what the answer does."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.marks import Overtaken
from xiaoneng.org import registers

EVERYWHERE = "all"


def text(label: str, most: int, hint: str = "", required: bool = True, rows: int = 0) -> forms.CharField:
    """Make a field for a text."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=most, help_text=hint, required=required, widget=widget,
        error_messages={"required": f"请填写{label}", "max_length": f"{label}最多 {most} 个字"},
    )  # fmt: skip


def day(label: str, hint: str = "", required: bool = True) -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}", "invalid": f"{label}写成 2026-03-02 这样"},
    )  # fmt: skip


def choice(label: str, hint: str = "", required: bool = True) -> forms.ChoiceField:
    """Make a field to choose from a list that is filled when the form is made."""
    wrong = {"required": f"请选择{label}", "invalid_choice": f"请从列表里选择{label}"}
    return forms.ChoiceField(label=label, help_text=hint, required=required, error_messages=wrong)


def _fill(form: forms.Form, name: str, rows: list[tuple[str, str]], empty: str = "请选择") -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", empty), *rows]


def _regions() -> list[tuple[str, str]]:
    return [(str(each.id), "　" * each.depth + each.name) for each in registers.regions()]


def _departments() -> list[tuple[str, str]]:
    return [(str(row.pk), f"{row.region.name} · {row.name}") for row in registers.departments()]


def _windows() -> list[tuple[str, str]]:
    return [(str(row.pk), f"{row.region.name} · {row.name}") for row in registers.windows()]


def number_or_none(value: Any) -> int | None:
    """Return the id that was chosen, or nothing."""
    return int(value) if value else None


class Faulted(forms.Form):
    """A form that takes back the faults that an action found."""

    overtaken = False  # somebody else wrote first what this one was to write over

    def blame(self, amiss: Amiss) -> None:
        """Put each fault beside its field."""
        self.overtaken = isinstance(amiss, Overtaken)
        for field, said in amiss.faults:
            self.add_error(field if field in self.fields else None, said)


class Region(Faulted):
    """A region."""

    name = text("名称", 60, "例如“临江区”")
    code = text("行政区划代码", 12, "6 位（市、县）、9 位（乡镇）或 12 位（村）；级别按代码自动判断")
    sign = text("编号代字", 4, "2 到 4 个大写字母，写在办件编号最前面；有了部门以后不能再改")
    parent = choice("上级", "市一级不选", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fill(self, "parent", _regions(), "没有上级")

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**self.cleaned_data, "parent": number_or_none(self.cleaned_data["parent"])}


class Department(Faulted):
    """A department."""

    region = choice("所属地区", "它的办件按这个地区的日历和办公时间计时")
    name = text("名称", 80, "全称，例如“安澜市住房和城乡建设局”")
    code = text("机构代码", 30, "统一社会信用代码或者机构编码")
    sign = text("机关代字", 10, "写在文书编号里，例如“安住建”；只影响以后发的文书")
    phone = text("电话", 60, required=False)
    address = text("地址", 200, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fill(self, "region", _regions())

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**self.cleaned_data, "region": int(self.cleaned_data["region"])}


class Window(Faulted):
    """A window."""

    region = choice("所在地区")
    name = text("名称", 60, "例如“综合受理 1 号窗口”")
    place = text("位置", 120, "例如“市民中心一楼 A 区”", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fill(self, "region", _regions())

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**self.cleaned_data, "region": int(self.cleaned_data["region"])}


class Hours(Faulted):
    """Other office hours from a day on."""

    hours = text("办公时间", 60, "例如“9:00-12:00 15:00-18:00”，按先后写，每天最多三段")
    since = day("从哪一天起", "最早明天")
    reason = text("依据", 200, "例如“安澜市人民政府办公室关于调整夏季作息时间的通知”")


class NewPerson(Faulted):
    """An account with its first post."""

    name = text("姓名", 60, "与工作证一致")
    username = text("登录名", 30, "小写字母开头，3 到 30 位，例如“luyuanzhou”；以后不能改")
    department = choice("部门")
    post = text("岗位", 60, "例如“综合窗口”“审批科科长”")
    window = choice("窗口", "在窗口收件的人才选", required=False)
    phone = text("办公电话", 30, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fill(self, "department", _departments())
        _fill(self, "window", _windows(), "不在窗口")


class Post(Faulted):
    """A post."""

    department = choice("部门")
    post = text("岗位", 60)
    window = choice("窗口", required=False)
    phone = text("办公电话", 30, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fill(self, "department", _departments())
        _fill(self, "window", _windows(), "不在窗口")


class Name(Faulted):
    """A name to correct."""

    name = text("姓名", 60, "与工作证一致；已经办过的件，日志里的姓名按账号一起更正")


class Reason(Faulted):
    """A reason that goes into the record."""

    reason = text("原因", 200, "会记入管理留痕", rows=2)


class LastDay(Faulted):
    """The last day of an account."""

    last = day("有效期到哪一天", "含这一天；不填就是长期。到期前 7 天起，他每一页的上面都会提醒", required=False)
    reason = text("依据", 200, "例如“借调协议到 2026 年 12 月 31 日”，会记入管理留痕", rows=2)


class PassOn(Faulted):
    """Who takes over the open cases of somebody who leaves."""

    receiver = text("接手人（姓名或登录名）", 60, "要有这些办件现在所在环节的岗位；没有的，那几件留下")
    reason = text("交接说明", 500, "接手的人在每件的页面上都会看到，也记入管理留痕", rows=2)


class Grant(Faulted):
    """A role for somebody."""

    role = choice("角色")
    reach = choice("范围", "选了地区，也包括它下面的所有地区")
    since = day("从哪一天起", "今天或以后")
    until = day("到哪一天为止", "含这一天；不填就是长期，代理必须填", required=False)
    authority = text("授权文书", 80, "例如“安住建任〔2026〕3号”；以后每办一件，日志里都写着它")
    stands_in_for = text(
        "代谁（姓名或登录名）", 60, "AB 岗代理才填：他不在时由这个人代办，办件时写明“代某某”", required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fill(self, "role", [*registers.roles()])
        reach = [(EVERYWHERE, "全市所有部门")]
        reach += [(f"r{pk}", f"地区：{name}") for pk, name in _regions()]
        reach += [(f"d{pk}", f"部门：{name}") for pk, name in _departments()]
        _fill(self, "reach", reach)

    def place(self, kind: str) -> int | None:
        """Return the department (d) or region (r) that was chosen, or nothing."""
        chosen = self.cleaned_data["reach"]
        return int(chosen[1:]) if chosen != EVERYWHERE and chosen[0] == kind else None


class End(Faulted):
    """The end of a holding."""

    last = day("到哪一天为止", "含这一天；最早今天")
    reason = text("原因", 200, "会记入管理留痕", rows=2)


class YearLines(Faulted):
    """A year's arrangement as its notice says it."""

    document = text("文件名称", 200, "例如“国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕×号）”")
    days = forms.CharField(
        label="放假和调休上班的日子", required=False, max_length=20000, strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )  # fmt: skip


def first_of(year: int) -> date:
    """Return the first day of a year."""
    return date(year, 1, 1)
