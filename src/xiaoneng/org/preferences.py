"""What can be set without a programmer: each setting with its kind, default, bounds and an explanation in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from xiaoneng.kit import marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org.models import Setting
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.roles import Administrator
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By


class Kind(StrEnum):
    """What a value can be."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Preference:
    """One thing that can be set; `strict` is its default in a production installation where that differs."""

    key: str
    group: str
    label: str
    kind: Kind
    default: str | int | bool
    why: str  # what it does, when it takes effect, what to bear in mind
    who: Administrator
    least: int = 0
    most: int = 0
    unit: str = ""
    strict: str | int | bool | None = None


SITE, PASSWORD, DOOR, GOALS = "网站", "密码", "登录", "改革目标"
AGENCY = "重点项目代办"
SIGNING, PROMISES = "签批", "容缺和承诺"
SUPERVISION = "效能监察"
_SYSTEM, _SECURITY = Administrator.SYSTEM, Administrator.SECURITY
PREFERENCES = {
    each.key: each
    for each in (
        Preference("site_name", SITE, "网站名称", Kind.TEXT, "", "显示在每一页的左上角和浏览器标签上。", _SYSTEM, 2, 30),
        Preference("city", SITE, "城市名称", Kind.TEXT, "", "显示在页头“……人民政府”和页脚的主办单位里。", _SYSTEM, 2, 20),
        Preference("hall_address", SITE, "政务大厅地址", Kind.TEXT, "", "显示在页脚；事项指南里的在目录里改。", _SYSTEM, 0, 100),
        Preference(
            "password_length", PASSWORD, "最少位数", Kind.NUMBER, 10,
            "下次设密码时按新的要求；已经在用的密码不受影响。", _SECURITY, 8, 64, "位",
        ),
        Preference(
            "password_classes", PASSWORD, "字符种类", Kind.NUMBER, 2,
            "小写字母、大写字母、数字、符号四种里至少要有几种。位数多比种类多更难猜。", _SECURITY, 1, 4, "种", 3,
        ),
        Preference(
            "password_history", PASSWORD, "不能重复最近几次", Kind.NUMBER, 3,
            "新密码不能与最近几次用过的相同；填 0 表示不限制。", _SECURITY, 0, 24, "次",
        ),
        Preference(
            "password_days", PASSWORD, "有效天数", Kind.NUMBER, 0,
            "超过这么多天，登录后要先改密码才能继续；填 0 表示不要求定期更换。", _SECURITY, 0, 3650, "天",
        ),
        Preference(
            "second_factor", DOOR, "工作人员必须双因素登录", Kind.YES_NO, False,
            "打开以后，工作人员登录除密码外还要输入手机验证器上的 6 位数字；还没有开通的，登录后先引导开通，开通前不能办件。"
            "正式环境默认打开，演示环境默认关闭。", _SECURITY, strict=True,
        ),
        Preference(
            "idle_minutes", DOOR, "多久不操作自动退出", Kind.NUMBER, 60,
            "工作人员离开座位忘了退出，过了这么久要重新登录；看板自己刷新不算操作。填 0 表示不自动退出。"
            "不论怎么设，登录满 8 小时都要重新登录。", _SECURITY, 0, 480, "分钟", 30,
        ),
        Preference(
            "lock_tries", DOOR, "连续输错几次锁定", Kind.NUMBER, 10,
            "同一登录名在锁定时间内输错这么多次，就先锁住；到时间自己解开，安全管理员也可以提前解锁。", _SECURITY, 3, 50, "次",
        ),
        Preference(
            "unused_days", DOOR, "多少天没用过自动停用", Kind.NUMBER, 0,
            "工作人员的账号这么多天没有登录、也没有程序用过，就自动停用，记入留痕，安全管理员可以再启用；安全管理员自己的账号不受此限。"
            "填 0 表示不停用。", _SECURITY, 0, 730, "天",
        ),
        Preference("lock_minutes", DOOR, "锁定时间", Kind.NUMBER, 10, "从第一次输错算起。", _SECURITY, 5, 60, "分钟"),
        Preference(
            "urge_on", SUPERVISION, "自动催办", Kind.YES_NO, True,
            "打开以后，办件转黄时提醒经办人，超期后按下面的工时逐级提醒。每一级只提醒一次，都有记录。", _SYSTEM,
        ),
        Preference(
            "urge_deputy", SUPERVISION, "超期多久提醒分管领导", Kind.NUMBER, 0,
            "从转红的时刻起算，只算办公时间；填 0 是一转红就提醒。一个工作日通常是 7 小时。", _SYSTEM, 0, 200, "工时",
        ),
        Preference(
            "urge_head", SUPERVISION, "超期多久提醒部门负责人", Kind.NUMBER, 7, "从转红的时刻起算，只算办公时间。", _SYSTEM,
            0, 200, "工时",
        ),
        Preference(
            "urge_supervisor", SUPERVISION, "超期多久提醒效能办", Kind.NUMBER, 14, "从转红的时刻起算，只算办公时间。", _SYSTEM,
            0, 200, "工时",
        ),
        Preference(
            "card_auto", SUPERVISION, "自动发牌", Kind.YES_NO, True,
            "打开以后，红灯登记的同时按规则发黄牌或者红牌；关掉的，由监察员核对以后手工发。", _SYSTEM,
        ),
        Preference(
            "card_yellow_points", SUPERVISION, "黄牌扣分", Kind.NUMBER, 1,
            "发牌时定下，以后改动不影响已经发出的牌；撤牌恢复。", _SYSTEM, 0, 100, "分",
        ),
        Preference(
            "card_red_points", SUPERVISION, "红牌扣分", Kind.NUMBER, 3,
            "发牌时定下，以后改动不影响已经发出的牌；撤牌恢复。", _SYSTEM, 0, 100, "分",
        ),
        Preference(
            "reply_days", SUPERVISION, "说明和答复的期限", Kind.NUMBER, 3,
            "单位收到牌、催办单以后说明情况的期限，从次日起算。", _SYSTEM, 1, 30, "工作日",
        ),
        Preference(
            "appeal_days", SUPERVISION, "陈述和申诉的期限", Kind.NUMBER, 5,
            "本人陈述申辩、对维持的牌和问责决定申诉的期限。", _SYSTEM, 1, 60, "工作日",
        ),
        Preference(
            "verify_days", SUPERVISION, "核实和复核的期限", Kind.NUMBER, 10,
            "效能办收到说明、申诉、回复以后核实的期限。", _SYSTEM, 1, 60, "工作日",
        ),
        Preference(
            "most_of_all", SUPERVISION, "没有同类单位可比时，多大比例算异常", Kind.NUMBER, 50,
            "补正、不予、停表、延期的件占一个单位收件的这么多以上，就列入发现；有三个以上单位可比的，与它们比，不看这个数。",
            _SYSTEM, 5, 100, "%",
        ),
        Preference(
            "goal_stationed", GOALS, "进驻率", Kind.NUMBER, 100,
            "改革成效页的目标线；涉密和检验检测检疫环节不进分母。", _SYSTEM, 0, 100, "%",
        ),
        Preference(
            "goal_authorised", GOALS, "授权率", Kind.NUMBER, 100,
            "窗口得到授权、能当场受理和决定的事项占应进驻事项的比例。", _SYSTEM, 0, 100, "%",
        ),
        Preference(
            "goal_concentrated", GOALS, "集中率", Kind.NUMBER, 100,
            "由部门同一个审批科室承办的事项占应进驻事项的比例。", _SYSTEM, 0, 100, "%",
        ),
        Preference(
            "goal_compression", GOALS, "时限压缩", Kind.NUMBER, 60,
            "承诺时限比法定时限平均缩短多少。", _SYSTEM, 0, 100, "%",
        ),
        Preference(
            "goal_on_the_spot", GOALS, "当场办结率", Kind.NUMBER, 20,
            "受理当天就作出决定的办件占全部决定的比例，从办理日志数出来。", _SYSTEM, 0, 100, "%",
        ),
        Preference(
            "goal_materials", GOALS, "材料减少", Kind.NUMBER, 20,
            "与期初相比，必交材料少了多少。", _SYSTEM, 0, 100, "%",
        ),
        Preference(
            "least_signers", SIGNING, "至少几个人签批", Kind.NUMBER, 2,
            "一个办件从受理到决定至少由几个人签批；窗口当场办结的事项不受此限。改了以后，还没有决定的办件按新的要求。",
            _SYSTEM, 1, 5, "人",
        ),
        Preference(
            "sign_once", SIGNING, "各级签批由不同的人签", Kind.YES_NO, False,
            "打开以后，同一个人不能签同一办件的两个审查环节；退回重审的本环节除外。审查过的人任何时候都不能作决定。"
            "正式环境默认打开。", _SYSTEM, strict=True,
        ),
        Preference(
            "promise_bar_days", PROMISES, "失信后多久不能再承诺", Kind.NUMBER, 365,
            "容缺材料逾期没有补交、承诺不实的，这么多天内不能再用容缺受理和告知承诺；填 0 表示不限制。", _SYSTEM, 0, 3650, "天",
        ),
        Preference(
            "deferred_to_refusal", PROMISES, "容缺逾期转不予许可", Kind.YES_NO, False,
            "容缺材料到期没有补交的：关闭时视为撤回申请、终止办理；打开时转负责人作不予决定。已经先发证的都转撤销处理。", _SYSTEM,
        ),
        Preference(
            "agency_capital", AGENCY, "注册资本达到", Kind.NUMBER, 500,
            "新设企业注册资本达到这个数，可以申请专人代办；与投资额满足一项即可。", _SYSTEM, 0, 10_000_000, "万元",
        ),
        Preference(
            "agency_investment", AGENCY, "项目投资额达到", Kind.NUMBER, 5000,
            "项目投资额达到这个数，可以申请专人代办；与注册资本满足一项即可。", _SYSTEM, 0, 10_000_000, "万元",
        ),
        Preference(
            "agency_item", AGENCY, "代办服务的事项编码", Kind.TEXT, "",
            "目录里把代办服务本身列作一个事项的，填它的编码：它的指南上显示“申请代办”，不走一般申请。没有列就空着。",
            _SYSTEM, 0, 60,
        ),
    )
}  # fmt: skip
PRODUCTION = ("production", "")


def default_of(preference: Preference, installation: str, given: Mapping[str, str]) -> Any:
    """Return the value that holds while nobody set one; `given` are those that come from the environment."""
    if preference.key in given:
        return given[preference.key]
    strict = preference.strict is not None and installation in PRODUCTION
    return preference.strict if strict else preference.default


def values(installation: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return every value in force."""
    stored = dict(Setting.objects.values_list("key", "value"))
    return {key: stored.get(key, default_of(each, installation, given)) for key, each in PREFERENCES.items()}


def in_force(key: str, installation: str = "") -> Any:
    """Return one value in force of those that no environment sets."""
    stored = Setting.objects.filter(key=key).values_list("value", flat=True).first()
    return default_of(PREFERENCES[key], installation, {}) if stored is None else stored


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as its page shows it."""

    preference: Preference
    value: Any
    default: Any
    changed_at: datetime | None
    changed_by: str
    version: str


def shown(installation: str, given: Mapping[str, str]) -> tuple[Shown, ...]:
    """Return every setting with its value, its default, and who changed it when."""
    stored = {row.key: row for row in Setting.objects.all()}
    found = []
    for key, each in PREFERENCES.items():
        row, default = stored.get(key), default_of(each, installation, given)
        value, at, who = (row.value, row.changed_at, row.changed_by) if row else (default, None, "")
        found.append(Shown(each, value, default, at, who, marks.mark({each.label: value})))
    return tuple(found)


@transaction.atomic
def change(
    key: str, text: str, *, current: Mapping[str, Any], roles: frozenset[Administrator], by: By, at: datetime,
    seen: str = "",
) -> None:  # fmt: skip
    """Set a value from what was typed; `current` are the values in force.

    :param seen: the mark of the value that was read; whoever gives none is not compared with others.
    :raises Overtaken: somebody set another one after it was read.
    :raises NotFound: there is no such setting.
    :raises NotAllowed: it is another administrator's to set.
    :raises Amiss: the value does not fit.
    """
    preference = PREFERENCES.get(key)
    if preference is None:
        raise NotFound("没有这一项设置。请从设置页重新打开。")
    if preference.who not in roles:
        raise NotAllowed(f"“{preference.label}”由{preference.who.label}来设。")
    value = read(preference, text)
    stored = Setting.objects.select_for_update().filter(key=key).first()
    standing = stored.value if stored else current.get(key)
    marks.require(seen, {preference.label: standing})
    if value == standing:
        return
    told = {"value": value, "changed_at": at, "changed_by": by.name}
    row, fresh = Setting.objects.get_or_create(key=key, defaults=told)
    if stored is None and not fresh:  # there was no row to hold, and somebody else has made it meanwhile
        standing = row.value
        marks.require(seen, {preference.label: standing})
    if not fresh:
        Setting.objects.filter(key=key).update(**told)
    trail.note_change(
        by, "修改设置", preference.label, key=f"setting:{key}", at=at,
        before={preference.label: standing}, after={preference.label: value},
    )  # fmt: skip


def read(preference: Preference, text: str) -> Any:
    """Return the value that a text stands for.

    :raises Amiss: it stands for none that fits.
    """
    text = text.strip()
    if preference.kind is Kind.YES_NO:
        return text in ("1", "on", "true", "是")
    if preference.kind is Kind.TEXT:
        if not preference.least <= len(text) <= preference.most:
            raise Amiss(
                [
                    (
                        preference.key,
                        f"{preference.label}应为 {preference.least} 到 {preference.most} 个字，现在 {len(text)} 个。",
                    )
                ]
            )
        return text
    if not (text.isascii() and text.isdigit() and len(text) < 9 and preference.least <= int(text) <= preference.most):
        raise Amiss([(preference.key, f"{preference.label}应为 {preference.least} 到 {preference.most} 之间的整数。")])
    return int(text)
