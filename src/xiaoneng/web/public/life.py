"""The order of life in which themes are offered: what comes early in a life or in a business stands first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaoneng.catalogue.search import Theme

PERSON = (
    "生小孩", "生育收养", "户籍办理", "升学", "教育科研", "找工作", "就业创业", "结婚", "婚姻登记", "住房保障", "住房",
    "购房", "医疗卫生", "社会保障", "社会保障（社会保险、社会救助）", "社会救助", "交通出行", "出境入境", "证件办理",
    "职业资格", "残疾人", "退役军人", "退休", "死亡殡葬", "司法公证", "文化体育",
)  # fmt: skip
BUSINESS = (
    "设立变更", "准营准办", "创业", "投资审批", "立项", "规划建设", "施工建设", "用工", "就业创业", "人力资源",
    "税收财务", "纳税", "公用事业", "资质认证", "年检年审", "环保绿化", "安全生产", "医疗卫生", "交通运输", "交通出行",
    "商务贸易", "知识产权", "农林牧渔", "科技创新", "抵押质押", "注销", "破产注销",
)  # fmt: skip


def in_order(themes: Iterable[Theme], order: Sequence[str], most: int) -> tuple[Theme, ...]:
    """Return the themes to offer, in the order of life; what has no place in it follows, the fullest first."""
    places = {name: place for place, name in enumerate(order)}
    return tuple(sorted(themes, key=lambda each: (places.get(each.name, len(places)), -each.n, each.name))[:most])
