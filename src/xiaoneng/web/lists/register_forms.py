"""What is filled in to change a row of a register around items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from xiaoneng.catalogue import upkeep
from xiaoneng.org import registers as org
from xiaoneng.rules.items.labels import UNITS
from xiaoneng.web.manage.forms import choice
from xiaoneng.web.manage.forms import text as words_of

MEASURES = (("forbidden", "禁止"), ("with_leave", "许可准入"))


class Kind(forms.Form):
    """A kind of power."""

    code = words_of("代码", 40, "小写字母、数字和下划线，定了就不改")
    name = words_of("名称", 30, "与清单上的写法一致，例如行政备案")
    on_application = forms.BooleanField(label="依申请办理（不勾是依职权，不能申请）", required=False)


class Basic(forms.Form):
    """An entry of the basic catalogue."""

    code = words_of("基本编码", 12, "12 位")
    name = words_of("事项名称", 300)
    kind = choice("事项类型")
    statutory_n = forms.IntegerField(
        label="法定时限", required=False, min_value=0, max_value=9999, error_messages={"invalid": "法定时限填整数"}
    )
    statutory_unit = forms.ChoiceField(label="时限单位", choices=list(UNITS.items()), required=False)
    bases = words_of("必须写明的依据", 4000, "每行一条；下级可以多写，不能少写", required=False, rows=3)
    materials = words_of("材料", 8000, "每行一样；下级只能减少", required=False, rows=4)
    free_of_charge = forms.BooleanField(label="不收费", required=False)
    source = words_of("来源", 200, "哪个文件公布的", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "kind", [(each.name, each.name) for each in upkeep.kinds()])


class Negative(forms.Form):
    """A line of the negative list."""

    region = choice("地区")
    number = words_of("序号", 20, "例如 3.2")
    sector = words_of("领域", 120)
    measure = forms.ChoiceField(label="方式", choices=list(MEASURES), error_messages={"required": "请选择方式"})
    text = words_of("措施", 2000, rows=3)
    basis = words_of("依据", 2000, rows=2)
    document = words_of("公布文号", 120)
    items = words_of("有关事项的编码", 4000, "每行一个；公布的清单上会互相链接", required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "region", [(str(each.id), "　" * each.depth + each.name) for each in org.regions()])


class Word(forms.Form):
    """An everyday word and what it stands for."""

    word = words_of("平常的说法", 30, "群众怎么说，例如上户口")
    official = words_of("正式的说法", 30, "事项名称里怎么写，例如出生登记；有几个的，一个一个加")


def _fill(form: forms.Form, name: str, rows: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "请选择"), *rows]
