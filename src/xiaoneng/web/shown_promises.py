"""What the journal and the applicant's page say of promises, askings and cases given back."""

from __future__ import annotations

from datetime import date
from typing import Any

from xiaoneng.kit.numbers import chinese_date
from xiaoneng.org import reads as org
from xiaoneng.rules.authority import PAPERS
from xiaoneng.rules.commitment import RESULTS
from xiaoneng.rules.deferred import EXCUSES


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def accepted(what: dict[str, Any]) -> str:
    """Say that an application was accepted, and what comes later."""
    told = f"{_day(what['accepted_on'])}受理"
    if "deferred" in what:
        told += f"；容缺后补：{'、'.join(each['name'] for each in what['deferred']['missing'])}"
    if what.get("authority"):
        told += f"；授权：核对了{PAPERS[what['authority']]}"
    return told + ("；按告知承诺当场决定" if what.get("commitment") else "")


def _asked(what: dict[str, Any]) -> str:
    to = org.departments_named([what["department"]]).get(what["department"], "")
    return f"{to}，{what['days']} 个工作日内答复。{what.get('question', '')}"


def _answered(what: dict[str, Any]) -> str:
    return f"{org.departments_named([what['department']]).get(what['department'], '')}：{what.get('opinion', '')}"


def _again(days: int) -> str:
    return f"重新给出 {days} 个工作日补交。" if days else ""


CONTENT: dict[str, Any] = {
    "supply_deferred": lambda w: (
        f"补交 {len(w['supplied'])} 样，{'已经补齐' if w['complete'] else '还没有补齐'}。{w.get('note', '')}"
    ),
    "postpone_deferred": lambda w: f"延长 {w['days']} 个工作日。{w['reason']}",
    "remind_deferred": lambda w: f"{'、'.join(w['missing'])}，{_day(w['due_on'])}到期",
    "default_withdrawn": lambda w: f"{'、'.join(w['missing'])}，{_day(w['due_on'])}期满没有补交",
    "default_unsupplied": lambda w: f"{'、'.join(w['missing'])}，{_day(w['due_on'])}期满没有补交",
    "default_issued": lambda w: f"{'、'.join(w['missing'])}，{_day(w['due_on'])}期满没有补交",
    "excuse_default": lambda w: f"{EXCUSES[w['ground']]}。{w['reason']}{_again(w['days'])}",
    "retract_commitment": lambda w: "转一般程序，承诺期限自受理之日起算",
    "record_check": lambda w: f"{RESULTS[w['result']]}。{w.get('findings', '')}",
    "report_rectified": lambda w: w.get("note", ""),
    "lapse_rectification": lambda w: f"{_day(w['due_on'])}期满没有改正",
    "order_correction": lambda w: f"{w['days']} 个工作日内改正。{w['text']}",
    "revoke_on_promise": lambda w: f"{w['reason']} 依据：{w['basis']}",
    "keep_on_promise": lambda w: w["reason"],
    "consult": _asked,
    "answer_consultation": _answered,
    "close_consultation": lambda w: w.get("reason", ""),
    "send_back": lambda w: f"由“{w['from']}”退回。{w['reason']}",
}
# What passes between departments, and what is told to nobody but the file.
NOT_PUBLIC = ("consult", "answer_consultation", "close_consultation", "send_back")
