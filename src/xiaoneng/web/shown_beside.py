"""What the entries beside the straight way did, in a sentence; and which of it is not for everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from xiaoneng.approval.actions.closing import GROUNDS
from xiaoneng.approval.actions.proceedings import ASKED_BY
from xiaoneng.approval.sessions import Kind
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.rules.limits import limit
from xiaoneng.rules.proceedings import LEGAL_RESULTS
from xiaoneng.rules.special import LOCAL_WAITS
from xiaoneng.rules.workdays import local

# Who stated what, who was there, what was found: for those who handle the case.
NOT_PUBLIC = frozenset({"record_statement", "record_hearing", "record_site_check", "record_expert_review", "end_wait"})
DONE = {
    "wait": "等待，不计入承诺", "end_wait": "等待结束", "deem_renewed": "视为准予延续", "lapse": "逾期未补正，终止",
    "terminate": "终止办理", "inform_parties": "告知利害关系人", "record_statement": "听取陈述申辩",
    "request_hearing": "申请听证", "decline_hearing": "不予听证", "schedule_hearing": "安排听证",
    "record_hearing": "举行听证", "schedule_site_check": "安排现场核查", "record_site_check": "现场核查",
    "record_expert_review": "专家评审", "publish": "公示", "close_publication": "公示期满", "call_off": "取消安排",
}  # fmt: skip


def length(n: int, unit: str) -> str:
    """Write a number of units."""
    return str(limit(unit or "working_day", n))


def _moment(text: str) -> str:
    at = local(datetime.fromisoformat(text))
    return f"{chinese_date(at.date())} {at:%H:%M}"


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def _terminated(what: dict[str, Any]) -> str:
    other = f"另一件编号 {what['other']}。" if what.get("other") else ""
    return f"{GROUNDS[what['ground']].label}。{other}{what.get('reason', '')}"


def _passed(what: dict[str, Any], yes: str, no: str) -> str:
    return yes if what["passed"] else no


CONTENT: dict[str, Any] = {
    "wait": lambda w: (
        f"{LOCAL_WAITS.get(w['kind'], w['kind'])}，预计 {w['estimated_days']} 个工作日，承诺期限暂停。{w['reason']}"
    ),
    "end_wait": lambda w: w["result"],
    "deem_renewed": lambda w: f"{w['certificate']} 有效期至{_day(w['expires_on'])}，届满前没有决定，依法视为准予延续",
    "ask_in_branch": lambda w: "；".join(each["text"] for each in w["lacks"]) + "。本分办件暂停计时，其他分办件照常",
    "answer_in_branch": lambda w: f"{len(w['files'])} 个文件。{w.get('note', '')}",
    "lapse": lambda w: f"补正期限至{_day(w['due_on'])}，期限内没有收到补正材料",
    "terminate": _terminated,
    "inform_parties": lambda w: f"告知 {w['count']} 位利害关系人" + ("，同时告知听证权利" if w["hearing"] else ""),
    "record_statement": lambda w: f"{w.get('speaker', '')}：{w.get('statement', '')} 采纳情况：{w['answer']}",
    "request_hearing": lambda w: f"{ASKED_BY[w['asked_by']]}提出，{_day(w['received_on'])}收到",
    "decline_hearing": lambda w: ("申请人书面放弃听证。" if w.get("given_up") else "") + w["reason"],
    "schedule_hearing": lambda w: f"{_moment(w['starts_at'])}，{w['place']}，{'公开' if w['public'] else '不公开'}举行",
    "record_hearing": lambda w: f"{w['count']} 人参加，笔录已签字。{w.get('transcript', '')}",
    "schedule_site_check": lambda w: f"{_moment(w['starts_at'])}，{w['place']}，{len(w['officers'])} 人核查",
    "record_site_check": lambda w: f"{_passed(w, '符合', '不符合')}。{w.get('findings', '')}",
    "record_expert_review": lambda w: f"{w['count']} 位专家，{_passed(w, '通过', '不通过')}。{w['conclusion']}",
    "record_legal_review": lambda w: f"{LEGAL_RESULTS[w['result']]}。{w.get('opinion', '')}",
    "publish": lambda w: f"{w['days']} 个工作日，至{_day(w['until'])}，{w['place']}",
    "close_publication": lambda w: f"异议 {w['objections']} 件。{w['handling']}",
    "call_off": lambda w: f"取消{Kind(w['kind']).label}。{w['reason']}",
}
