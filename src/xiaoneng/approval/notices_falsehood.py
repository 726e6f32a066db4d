"""What a decision says where the application was false, or an earlier one keeps its applicant from applying."""

from __future__ import annotations

from collections.abc import Iterable

from xiaoneng.approval.notice_parts import day, facts_of
from xiaoneng.catalogue.reads import Plan
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters.reads import EntryLine
from xiaoneng.rules.falsehood import FALSE, SAFETY, last_day
from xiaoneng.rules.workdays import local_day


def named(entry: EntryLine) -> tuple[str, ...]:
    """Return which material is false or which fact was hidden."""
    said = facts_of(entry).get("falsehood")
    return (f"虚假的材料或者隐瞒的情况：{said}",) if said else ()


def turned_down(entry: EntryLine, plans: Iterable[Plan], decided: str) -> tuple[str, ...]:
    """Return what a false application comes to, or which earlier decision keeps its applicant from applying."""
    facts = facts_of(entry)
    if facts.get("bar_basis"):
        return (
            f"依照{facts['bar_basis']}和此前的决定（办件 {facts['barred_by']}），你（单位）至{day(facts['barred_until'])}"
            f"（含当日）不得再次申请，决定{decided}。此后可以重新申请。",
        )
    if facts.get("ground") != FALSE:
        return ()
    warned = f"依照《中华人民共和国行政许可法》第七十八条，决定{decided}，并给予警告。"
    return (warned, *closed(entry, plans, fraud=False))


def closed(entry: EntryLine, plans: Iterable[Plan], *, fraud: bool) -> tuple[str, ...]:
    """Return until when the applicant may not apply again; nothing where no item bears on safety."""
    names = "、".join(f"“{plan.name}”" for plan in plans if plan.bears_on_safety)
    if not names:
        return ()
    until = last_day(local_day(entry.at), fraud=fraud)
    article, length = ("七十九", "三年") if fraud else ("七十八", "一年")
    return (
        f"{names}属于{SAFETY}的事项，依照《中华人民共和国行政许可法》第{article}条，你（单位）在{length}内，"
        f"即至{chinese_date(until)}（含当日），不得再次申请该行政许可。",
    )
