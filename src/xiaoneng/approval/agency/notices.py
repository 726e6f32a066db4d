"""What the documents of agent service say."""

from __future__ import annotations

from collections.abc import Callable

from xiaoneng.approval.notice_parts import Text, day, facts_of
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.rules.procedures import agency as procedure


def _receipt(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(
            f"现收到你（单位）的申请：{file.title}。",
            f"代办自愿、免费，{facts['agency_days']} 个工作日内答复由谁代办、怎样安排。",
        ),
        rows=(
            ("收件编号", file.intake_number or ""), ("注册资本", f"{facts['capital']} 万元"),
            ("投资额", f"{facts['investment']} 万元"),
        ),
    )  # fmt: skip


def _plan(file: MatterFile, entry: EntryLine) -> Text:
    rows = tuple(
        (f"{place}　{each['title']}", f"{each['department']}，{day(each['due_on'])}前" + _after(each["after"]))
        for place, each in enumerate(facts_of(entry)["plan"], start=1)
    )
    return Text(
        paragraphs=(f"“{file.title}”已由代办员接单，全部审批的先后和计划完成日期如下。各审批的法定期限和条件不变。",),
        rows=rows,
    )


def _after(places: list[int]) -> str:
    return f"（在第 {'、'.join(map(str, places))} 项之后）" if places else ""


def _declined(file: MatterFile, entry: EntryLine) -> Text:
    return Text(
        paragraphs=(
            f"“{file.title}”不予代办。",
            f"理由：{facts_of(entry)['reason']}",
            "你（单位）可以照常自行申请各项审批。",
        )
    )


def _done(file: MatterFile, entry: EntryLine) -> Text:
    return Text(paragraphs=(f"“{file.title}”计划内的审批已经全部办完，代办结束。", facts_of(entry)["note"]))


KINDS_OF_NOTICES: dict[str, Callable[[MatterFile, EntryLine], Text]] = {
    procedure.REQUEST_RECEIPT.kind: _receipt,
    procedure.PLAN_NOTICE.kind: _plan,
    procedure.DECLINE_NOTICE.kind: _declined,
    procedure.DONE_NOTICE.kind: _done,
}
