"""What each part of an item is called in Chinese, in the order in which a guide tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A flat part of an item: its name, its label, the sort of value it holds, and its choices if it has any."""

    name: str
    label: str
    sort: str = "line"  # line, text, words, number, mark, unit, kind
    choices: tuple[str, ...] = ()
    longest: int = 200
    help: str = ""


LEVELS = ("国家级", "省级", "市级", "县级", "乡镇级", "村级")
DEPTHS = ("互联网咨询", "互联网收件", "互联网预审", "互联网受理", "互联网办理", "互联网电子证照反馈")
GROUPS: tuple[tuple[str, tuple[Part, ...]], ...] = (
    ("身份", (
        Part("name", "事项名称", longest=300),
        Part("kind", "事项类型", "kind"),
        Part("aliases", "俗称", "words", longest=60, help="百姓怎么叫它，用顿号隔开"),
        Part("audience", "服务对象", "words", longest=30),
        Part("themes", "主题分类", "words", longest=30),
    )),
    ("实施主体", (
        Part("body_nature", "实施主体性质", choices=("法定机关", "授权组织", "受委托组织")),
        Part("delegated_by", "委托部门"),
        Part("undertaken_by", "承办机构"),
        Part("joined_by", "联办机构"),
        Part("exercise_level", "行使层级", choices=LEVELS),
        Part("division_of_power", "权限划分", "text"),
        Part("exercise_content", "行使内容", "text"),
        Part("power_source", "权力来源", choices=("法定本级行使", "上级下放", "委托")),
    )),
    ("办理", (
        Part("case_type", "办件类型", choices=("即办件", "承诺件", "上报件")),
        Part("statutory_n", "法定办结时限", "number"),
        Part("statutory_unit", "法定时限单位", "unit"),
        Part("statutory_note", "法定时限说明"),
        Part("promised_n", "承诺办结时限", "number"),
        Part("promised_unit", "承诺时限单位", "unit"),
        Part("promised_note", "承诺时限说明"),
        Part("conditions", "受理条件", "text", help="每行一条"),
        Part("review_standard", "审查标准", "text"),
        Part("quantity_limit", "数量限制"),
        Part("basis", "依据（原文）", "text"),
        Part("result", "审批结果", longest=120),
        Part("bears_on_safety", "直接关系公共安全、人身健康、生命财产安全", "mark",
             help="弄虚作假的，一年或者三年内不得再次申请（行政许可法第七十八条、第七十九条）"),
        Part("form_fields", "申请表填写项数", "number"),
        Part("season", "受理时段", help="全年受理的不填；例如：每年 3 月 1 日至 4 月 30 日"),
    )),
    ("承诺", (
        Part("early_issue", "容缺可以先发证", "mark"),
        Part("committable", "可以告知承诺", "mark"),
        Part("commitment_text", "承诺书内容", "text"),
        Part("check_days", "事后核查几个工作日内", "number"),
    )),
    ("渠道", (
        Part("online", "可以网上办理", "mark"),
        Part("online_depth", "网办深度", choices=DEPTHS),
        Part("ways", "办理形式", "words", longest=30, help="窗口、网上、自助、快递"),
        Part("visits", "到现场次数", "number"),
        Part("visit_reason", "必须到现场的原因"),
        Part("reach", "通办范围", choices=("全国", "跨省", "全省", "全市", "本级")),
        Part("bookable", "可以预约", "mark"),
        Part("courier", "可以快递", "mark"),
        Part("paid_online", "可以网上支付", "mark"),
        Part("self_service", "自助机可办", "mark"),
        Part("stationed", "进驻政务大厅", "mark"),
        Part("single_window", "综合窗口受理", "mark"),
        Part("window_authorised", "窗口已授权", "mark"),
        Part("unstationed_ground", "不进驻的理由", help="涉及国家秘密、国家安全的，或者检验、检测、检疫环节"),
        Part("location", "办理地点", "text"),
        Part("open_hours", "办理时间"),
        Part("phone", "咨询电话"),
        Part("complaint_phone", "监督投诉电话"),
        Part("web_address", "网上办理地址"),
        Part("mobile_address", "移动端地址"),
    )),
    ("救济", (
        Part("reconsideration", "行政复议机关"),
        Part("court", "行政诉讼法院"),
    )),
)  # fmt: skip
PARTS: dict[str, Part] = {part.name: part for _, parts in GROUPS for part in parts}
ROW_LABELS = {
    "legal_bases": "设定依据",
    "materials": "申请材料",
    "steps": "办理环节",
    "scenarios": "情形",
    "fees": "收费",
    "results": "结果",
    "counters": "办理窗口",
    "questions": "常见问题",
    "special_steps": "特别程序",
    "intermediaries": "中介服务",
    "duties": "责任事项",
}
UNITS = {"working_day": "工作日", "calendar_day": "自然日", "hour": "小时", "month": "月"}


def label(name: str) -> str:
    """Return the Chinese name of a part."""
    return PARTS[name].label if name in PARTS else ROW_LABELS.get(name, name)


# The columns of the parts that are rows, as a table or a form heads them.
ROW_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "legal_bases": (
        ("law", "法律名称"), ("rank", "层级"), ("document", "文号"), ("article", "条款"), ("text", "条文"),
        ("valid_from", "施行日"), ("valid_to", "失效日"),
    ),
    "materials": (
        ("name", "材料名称"), ("required", "必要"), ("form", "形式"), ("copies", "份数"), ("kind", "材料类型"), ("source", "来源"),
        ("note", "填报须知"), ("standard", "受理标准"), ("deferrable", "可以容缺"), ("deferred_days", "容缺天数"),
        ("replaceable", "可由什么替代"), ("basis", "依据"), ("scenarios", "限于情形"),
    ),
    "steps": (
        ("kind", "环节类别"), ("name", "环节名称"), ("role", "岗位"), ("days", "天数"), ("unit", "单位"), ("standard", "审查标准"),
    ),
    "scenarios": (("name", "情形"), ("question", "怎么问"), ("note", "说明")),
    "fees": (
        ("name", "收费项目"), ("low", "下限（元）"), ("high", "上限（元）"), ("unit", "计费单位"), ("basis", "依据"),
        ("basis_rank", "依据层级"), ("exemption", "减免"), ("exemption_basis", "减免依据"), ("way", "缴费方式"),
    ),
    "results": (("name", "结果名称"), ("kind", "结果类型"), ("validity", "有效期")),
    "counters": (("name", "窗口"), ("address", "地址"), ("hours", "时间"), ("phone", "电话")),
    "questions": (("question", "问"), ("answer", "答")),
    "special_steps": (("kind", "种类"), ("days", "天数"), ("basis", "依据")),
    "intermediaries": (("name", "中介服务"), ("basis", "依据"), ("basis_rank", "依据层级")),
    "duties": (("duty", "责任事项"), ("accountability", "追责情形")),
}  # fmt: skip
