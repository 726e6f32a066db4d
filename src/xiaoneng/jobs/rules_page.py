"""The page docs/rules.md, written from the rules themselves: `python -m xiaoneng.jobs.rules_page > docs/rules.md`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from xiaoneng.rules import (
    annulment,
    authority,
    certificates,
    commitment,
    deferred,
    delivery,
    extension,
    facts,
    falsehood,
    fees,
    findings,
    grounds,
    in_order,
    proceedings,
    renewal,
)
from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.limits import (
    DELIVERY,
    PRE_ACCEPTANCE,
    CalendarDays,
    Deadline,
    Hours,
    Light,
    Limit,
    Months,
    Pause,
    WorkingDays,
    deadline,
)
from xiaoneng.rules.procedures import Move, Procedure, all_procedures, certificate
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.special import LOCAL_WAITS, SPECIAL_PROCEDURES
from xiaoneng.rules.workdays import CHINA, Calendar, local

HEAD = """\
# 规则一览

本页由 `python -m xiaoneng.jobs.rules_page` 从 `rules/` 与 `approval/` 的代码生成，请改代码，不要改本页。
This page is generated from the code; change the rules, then generate it anew."""

STARTS = {
    ClockName.PRE_ACCEPTANCE: "收件日；工作日下班以后或者休息日交来的，算下一个工作日收到",
    ClockName.SUPPLEMENT: "一次性告知之日",
    ClockName.STATUTORY: "受理之日；视为受理的，自收件日起",
    ClockName.PROMISED: "受理之日；视为受理的，自收件日起",
    ClockName.STEP: "环节开始之日",
    ClockName.SPECIAL: "启动之日；几项可以同时进行，各有各的时钟",
    ClockName.WAIT: "登记之日",
    ClockName.HEARING_REQUEST: "告知利害关系人之日",
    ClockName.HEARING: "收到听证申请之日",
    ClockName.DELIVERY: "决定之日",
    ClockName.STAGE: "进入这个阶段之日",
    ClockName.DEFERRED: "受理之日；视为受理的，登记之日",
    ClockName.CONSULT: "发出征求意见函之日",
    ClockName.POST_CHECK: "决定之日；改正后自提交改正情况之日",
    ClockName.RECTIFY: "登记核查结果之日",
    ClockName.REVOCATION: "登记承诺没有履行之日",
    ClockName.REPLY: "发牌、催办、督办之日",
    ClockName.VERIFICATION: "收到说明、申诉、回复之日",
    ClockName.STATEMENT: "告知本人之日",
    ClockName.APPEAL: "维持、作出决定之日",
    ClockName.JOINT: "牵头部门统一受理之日；视为受理的，自收件日起",
    ClockName.AGENCY: "申请代办之日；接单以后另起一轮，自接单之日",
}
LIGHTS = {
    Light.RED: "现在晚于红灯时刻；正好在红灯时刻办完的不算超期。红灯之后再暂停，仍是红灯",
    Light.PAUSED: "计入灯色的时钟全部在暂停，且暂停之前没有超期",
    Light.YELLOW: "已到黄灯时刻，未过红灯时刻",
    Light.GREEN: "其余",
}
COUNTING = (
    ("开始当日不计入，从下一日起算", grounds.START_DAY_NOT_COUNTED),
    ("工作日按国务院办公厅公布的放假安排计算，调休上班的周末算工作日", grounds.WORKING_DAYS_COUNT),
    ("小时从起算时刻起日夜连续计算，最后时刻不顺延", grounds.HOURS_RUN_FROM_THE_MOMENT),
    ("月算到到期月的对应日；没有对应日的，算到月末", grounds.CORRESPONDING_DAY),
    ("自然日和月的最后一日遇休息日，顺延到下一个工作日", grounds.LAST_DAY_ROLLS_FORWARD),
    ("红灯时刻是到期日下班的时刻，按本区划的办公时间", grounds.CLOSE_OF_BUSINESS),
    ("特别程序期间不计入：从启动的次日到结束的当日；同一时钟的几段暂停先合并再扣除", grounds.TIME_NOT_COUNTED),
    ("延长只能一次，须在期限届满以前，由部门负责人批准并告知理由", grounds.DECISION_TIME),
)
YELLOW = """\
- 黄灯时刻：剩余不多于总长五分之一（进位取整，至少 1 日）的那一个计入日的零时。只有 1 日的期限在到期日零时转黄，
  不在起算时就黄。以小时计的在用去五分之四时转黄。对所有的事、一类事或者一个事项可以
  另定比例和天数（“管理—预警”），从以后的一天起施行，那天起开始计时的时钟才用。限期为 0（当场办结）的，当日上班时转黄、下班时转红。
- 放假安排还没有公布的年份只按周末休息推算，结果标为“暂定”；公布以后重算在办件，已办结的不动。
- 办件的红灯时刻，是仍在走或者暂停的、计入灯色的时钟里最早的一个。灯色从不存储，只拿这个时刻与现在比较。"""


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [HEAD, *(_procedure(each) for each in all_procedures().values()), _clocks(), _lights(), _counting()]
    return "\n\n".join([*parts, _examples(), _special(), _things(), _found()]) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell or '—' for cell in line)} |" for line in lines)


def _procedure(each: Procedure) -> str:
    states = _table(
        ("状态", "代码", "等谁", "已结束"),
        [(s.label, f"`{s.code}`", s.desk.label if s.desk else "", "是" if s.closed else "") for s in each.states],
    )
    moves = _table(
        ("动作", "代码", "从", "到", "谁", "时钟", "文书", "依据"), [_move(each, move) for move in each.moves]
    )
    title = f"## {each.label}（`{each.kind}`）"
    initial = f"起始状态：{each.state(each.initial).label}。"
    return "\n\n".join([title, initial, states, f"### {each.label}的动作", moves])


def _move(procedure: Procedure, move: Move) -> tuple[str, ...]:
    stays = set(move.sources) == set(move.targets) and len(move.sources) > 1
    numbers = "、".join({"intake_number": "收件编号", "number": "办件编号"}[name] for name in move.numbers)
    issued = [*([move.document] if move.document else []), *move.further]
    document = "，另视情况".join(f"{each.title}（{each.word}字）" for each in issued)
    return (
        move.label,
        f"`{move.name}`",
        _labels(procedure, move.sources),
        "不变" if stays else _labels(procedure, move.targets),
        "、".join(role.label for role in move.roles),
        _effects(move),
        "；".join(part for part in (document, numbers) if part),
        f"{move.basis}：{move.basis.text}",
    )


def _labels(procedure: Procedure, codes: Iterable[str]) -> str:
    return "；".join(procedure.state(code).label for code in codes)


def _effects(move: Move) -> str:
    told = []
    for effect in dict.fromkeys(each.effect for each in move.clock):
        clocks = [each.clock for each in move.clock if each.effect is effect]
        words = "全部" if set(clocks) == set(ClockName) else "、".join(clock.label for clock in clocks)
        if clocks:
            told.append(f"{effect.label}：{words}")
    return "<br>".join(told)


def _clocks() -> str:
    lengths = _lengths()
    rows = [
        (clock.label, f"`{clock.value}`", lengths[clock], STARTS[clock], "是" if clock.counts else "否")
        for clock in ClockName
    ]
    return "## 时钟\n\n" + _table(("时钟", "代码", "多长", "从哪天起", "计入灯色"), rows)


def _lengths() -> dict[ClockName, str]:
    from xiaoneng.approval.actions.accept import SUPPLEMENT

    return {
        ClockName.PRE_ACCEPTANCE: str(PRE_ACCEPTANCE),
        ClockName.SUPPLEMENT: f"{SUPPLEMENT}（平台规则，法律没有统一的数）",
        ClockName.STATUTORY: "事项版本的法定期限；没有的，不设这个时钟",
        ClockName.PROMISED: "事项版本的承诺期限；没有的，同法定期限",
        ClockName.STEP: "事项版本给这个环节的天数；没有的，不设这个时钟",
        ClockName.SPECIAL: "书面告知的预计天数；超过就亮红灯，其他时钟仍然暂停",
        ClockName.WAIT: "书面告知的预计天数；只让承诺期限和环节期限暂停",
        ClockName.HEARING_REQUEST: str(proceedings.HEARING_REQUEST),
        ClockName.HEARING: str(proceedings.HEARING),
        ClockName.DELIVERY: str(DELIVERY),
        ClockName.DEFERRED: "事项给各样材料的容缺天数里最短的，没有的 10 个工作日；不先发证的，不长于承诺期限",
        ClockName.CONSULT: "征求时写明的工作日，最长 20 个",
        ClockName.POST_CHECK: "事项公布的核查天数；没有的 60 个工作日",
        ClockName.RECTIFY: "核查时写明的工作日，最长 60 个",
        ClockName.REVOCATION: f"{commitment.HANDLING}（平台规则）",
        ClockName.STAGE: "每一轮编制自己定；没有定的，编制 20 个工作日，其他阶段 10 个工作日",
        ClockName.REPLY: "设置里的“说明和答复的期限”，没有改的 3 个工作日；督办单写明的，按督办单",
        ClockName.VERIFICATION: "设置里的“核实和复核的期限”，没有改的 10 个工作日",
        ClockName.STATEMENT: "设置里的“陈述和申诉的期限”，没有改的 5 个工作日",
        ClockName.APPEAL: "设置里的“陈述和申诉的期限”，没有改的 5 个工作日",
        ClockName.JOINT: "这件事公布的全程天数，最长 45 个工作日；延长一次，最多 15 个工作日",
        ClockName.AGENCY: "接单前 2 个工作日；接单后到计划的最后一天",
    }


def _lights() -> str:
    rows = [(f"{light.shape} {light.word}", f"`{light.value}`", text) for light, text in LIGHTS.items()]
    return "## 灯\n\n自上而下，第一个符合的就是。\n\n" + _table(("灯", "代码", "什么时候"), rows)


def _counting() -> str:
    rows = [(rule, _cited(basis)) for rule, basis in COUNTING]
    return "## 怎样数日子\n\n" + _table(("规则", "依据"), rows) + "\n\n" + YELLOW


def _cited(basis: Basis) -> str:
    return f"{basis}：{basis.text}"


EXAMPLES: tuple[tuple[str, Limit, tuple[Pause, ...]], ...] = (
    ("2026-03-02", WorkingDays(5), ()),
    ("2026-03-02", WorkingDays(1), ()),
    ("2026-02-11", WorkingDays(5), ()),
    ("2026-03-02", WorkingDays(20), ()),
    ("2026-03-02", WorkingDays(20), (Pause(date(2026, 3, 9), date(2026, 3, 16), "专家评审"),)),
    ("2026-03-02", WorkingDays(0), ()),
    ("2026-03-27", CalendarDays(15), ()),
    ("2026-01-31", Months(1), ()),
    ("2026-03-06", Hours(48), ()),
    ("2026-12-21", WorkingDays(20), ()),
)


def _examples() -> str:
    from xiaoneng.org.official_calendar import national

    rows = [_example(day, limit, pauses, national()) for day, limit, pauses in EXAMPLES]
    text = "## 算例\n\n按全国日历和 09:00—12:00、13:00—17:00 的办公时间，由同一段代码算出；小时从当日 10:00 起算。"
    return text + "\n\n" + _table(("起算日", "期限", "暂停", "到期日", "转黄", "转红", "暂定"), rows)


def _example(day: str, limit: Limit, pauses: tuple[Pause, ...], calendar: Calendar) -> tuple[str, ...]:
    start = date.fromisoformat(day)
    moment = datetime(start.year, start.month, start.day, 10, tzinfo=CHINA)
    end = deadline(limit, start, calendar=calendar, pauses=pauses, started_at=moment)
    assert isinstance(end, Deadline)
    stopped = "；".join(f"{pause.kind} {pause.start} 至 {pause.end}" for pause in pauses)
    provisional = "是" if end.provisional else ""
    return (day, str(limit), stopped, str(end.due_on), _minute(end.yellow_at), _minute(end.red_at), provisional)


def _minute(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"


def _special() -> str:
    kinds, waits = "、".join(SPECIAL_PROCEDURES.values()), "、".join(LOCAL_WAITS.values())
    return (
        f"## 暂停与延长\n\n- 可以暂停计时的特别程序只有 {len(SPECIAL_PROCEDURES)} 种：{kinds}。其他等待照常计时。\n"
        f"- 事项公布了的，下列等待不计入承诺期限，法定期限照常计算：{waits}。\n"
        f"- 没有特别法规定的，工作日的期限一次最多延长 {extension.ORDINARY.n} 个工作日"
        f"（{grounds.DECISION_TIME}），联合办理 {extension.JOINT.n} 个工作日（{grounds.JOINT_DECISION_TIME}）；"
        "其他单位的期限不能延长。事项载明特别法延期的，按它的天数和单位。\n"
        "- 法定期限与承诺期限同时延长，承诺期限的单位不同的除外；已经届满的不延长。审查本件的人不批准本件的延期。\n\n"
        "## 听证、核查、评审与延续\n\n"
        f"- 听证至少提前 {proceedings.HEARING_LEAD} 通知；主持人不是审查本件的人；举行了听证的，决定根据听证笔录作出。\n"
        f"- 现场核查至少 {proceedings.OFFICERS} 人；专家评审至少 {proceedings.EXPERTS_AT_LEAST} 人（平台规则）。\n"
        f"- 有效期届满 {renewal.AHEAD.days} 日前申请延续，届满前没有决定的，视为准予延续（{renewal.RENEWED}）。"
    )


def _found() -> str:
    """Return what else than lateness is looked for, and what cannot be done at all."""
    rows = [
        (r.label, f"`{r.code}` 第 {r.version} 版", r.meaning, r.measured, r.met.label, r.shown_by, str(r.basis))
        for r in findings.RULES
    ]
    head = ("监察发现", "代码", "含义", "界限", "怎样对待", "验证", "依据")
    told = "平台只找疑点，单位说明以后由人认定。办不成的，列出证明它办不成的测试。"
    return f"## 监察发现的规则\n\n{told}\n\n{_table(head, rows)}"


def _things() -> str:
    grounds_of = _table(
        ("变动", "法定情形"),
        [
            (certificate.PROCEDURE.move(name).label, "；".join(each.values()))
            for name, each in certificates.GROUNDS.items()
        ],
    )
    return (
        "## 收费、送达、证照与已有的材料\n\n"
        f"- 只收事项版本公布的项目，有幅度的按下限，没有公布下限的不收；许可收费须有法律、行政法规作依据（{fees.FREE_UNLESS}）。\n"
        f"- 缴款通知书编号开出，{fees.PAY_WITHIN} 内缴（平台规则）；开单的不收款，窗口不经手钱款；重复到账原路退回，只算一次。\n"
        f"- 等缴款时法定期限照常计算；事项公布了缴款不计入承诺的，承诺期限暂停到缴清的当日。\n"
        f"- 直接送达以签收日，邮寄以回执注明的日期，电子以到达日（须同意），公告自发出起满 {delivery.PUBLIC_DAYS} 日视为送达"
        f"（{delivery.PUBLIC}）；留置要有拒收事由和见证。\n"
        f"- 寄出或者公告之日，送达期限停止；结果须在 {delivery.LONGEST_TRANSIT} 个工作日（公告 {delivery.PUBLIC_WATCH} 个）内登记，"
        "过期亮红灯（平台规则）。\n"
        f"- 政府已经核发或者核验过的，经申请人同意就不再要求提交（{facts.NOT_ASKED_AGAIN}）；"
        f"核验过的材料 {facts.KEPT_GOOD.days} 日内可以再用。\n"
        f"- {falsehood.GROUND}的，写明是什么，不予受理或者不予许可，并给予警告；事项{falsehood.SAFETY}的，自决定之日起一年内"
        f"（至一年后的对应日，含当日）不能再次申请（{falsehood.FALSE_MATERIAL}）。"
        f"以欺骗、贿赂取得而被撤销的，三年（{falsehood.GOT_BY_FRAUD}）。"
        f"原决定经{'、'.join(annulment.WAYS.values())}的，由部门负责人凭文书登记，此后不再限制；"
        f"被撤销的许可和证照恢复效力（{'；'.join(str(each) for each in annulment.BASES.values())}）。\n"
        f"- 账号以别人或者单位的名义提交的，可以提交；没有登记授权的，受理或者准予前要核对"
        f"{'、'.join(authority.PAPERS.values())}（{authority.BY_AGENT}；{authority.IN_WRITING}）。\n"
        f"- 有数量限制的事项，先受理的还没有决定，不准予后受理的；不按先后的写明理由，"
        f"连同越过的办件编号记入日志（{in_order.IN_ORDER}）。\n"
        f"- 容缺材料逾期未补交的，后果由平台登记；属于{'、'.join(deferred.EXCUSES.values())}的，"
        f"由部门负责人写明事实和证明后免责，重新给出 1 至 30 个工作日（{deferred.EXCUSED}）。\n"
        "- 不得再次申请的限制只从办件和证照的日志推出，在线、窗口、并联、接口一样。\n\n" + grounds_of
    )


def main() -> None:
    """Print the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoneng.config.settings")
    import django

    django.setup()
    print(page(), end="")


if __name__ == "__main__":
    main()
