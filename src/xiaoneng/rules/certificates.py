"""What a certificate's changes need, on which grounds, and until when a certificate is valid."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from xiaoneng.rules.annulment import ANNULLED, MOVE, WAYS, Annulment
from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.procedures import certificate as procedure
from xiaoneng.rules.procedures.certificate import (
    AMENDED,
    CANCELLING,
    PENALTY,
    RENEWED,
    REVOKING,
    WITHDRAWING,
)

LICENCE = "行政许可"
LONGEST = 50  # years; who writes more means without end
SOON = timedelta(days=30)  # 行政许可法第五十条: renewal is asked for so long before

GROUNDS: dict[str, dict[str, str]] = {
    "withdraw_certificate": {
        "law_changed": "许可所依据的法律、法规、规章修改或者废止",
        "circumstances": "准予许可所依据的客观情况发生重大变化",
    },
    "revoke_certificate": {
        "abuse": "工作人员滥用职权、玩忽职守作出准予决定",
        "beyond_power": "超越法定职权作出准予决定",
        "procedure": "违反法定程序作出准予决定",
        "unqualified": "对不具备申请资格或者不符合法定条件的申请人准予许可",
        "fraud": "被许可人以欺骗、贿赂等不正当手段取得许可（应当撤销）",
        "other": "依法可以撤销的其他情形",
    },
    "rescind_certificate": {"penalty": "依法给予吊销许可证件的行政处罚"},
    "suspend_certificate": {"penalty": "依法给予暂扣许可证件的行政处罚"},
    "cancel_certificate": {
        "expired": "有效期届满未延续",
        "death": "赋予公民特定资格的许可，该公民死亡或者丧失行为能力",
        "dissolution": "法人或者其他组织依法终止",
        "ended": "许可依法被撤销、撤回，或者许可证件依法被吊销",
        "force_majeure": "因不可抗力导致许可事项无法实施",
        "request": "被许可人申请注销",
    },
    MOVE: WAYS,
}
_BASIS: dict[str, Basis] = {
    "withdraw_certificate": WITHDRAWING, "revoke_certificate": REVOKING, "rescind_certificate": PENALTY,
    "suspend_certificate": PENALTY, "cancel_certificate": CANCELLING, "amend_certificate": AMENDED,
    "renew_certificate": RENEWED, "reinstate_certificate": PENALTY, MOVE: ANNULLED,
}  # fmt: skip
_FAULTS_OF_THE_ORGAN = frozenset(GROUNDS["revoke_certificate"]) - {"fraud"}
_BY_PENALTY = ("suspend_certificate", "rescind_certificate")
_NUMERALS = {word: n for n, word in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_CERTIFICATE = re.compile(r"(证|证书|执照)([（(].*[）)])?$")
_LENGTH = re.compile(r"([0-9]{1,3}|[一二两三四五六七八九十])\s*(年|个月|月)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody who changes a certificate wrote."""

    ground: str = ""
    reason: str = ""
    decision: str = ""  # the number of the penalty decision, where it rests on one
    compensation: str = ""
    until: date | None = None
    organ: str = ""  # by which, and in a decision of which day, what ended it was annulled
    made_on: date | None = None


def as_annulment(asked: Asked) -> Annulment:
    """Return what was asked as the annulment of what ended a certificate."""
    return Annulment(asked.ground, asked.organ, asked.decision, asked.made_on, asked.reason)


def months_of(validity: str) -> int | None:
    """Return how many months a published validity means, 五年 or 36个月; nothing where it has no end or none is told."""
    found = _LENGTH.search(validity)
    if not found:
        return None
    n = int(found[1]) if found[1].isdigit() else _NUMERALS[found[1]]
    months = n * 12 if found[2] == "年" else n
    return months if 0 < months <= LONGEST * 12 else None


def is_renewable(kind: str, result: str) -> bool:
    """Tell whether what an item's handling comes to is a licence on paper, which can be renewed."""
    return kind == LICENCE and _CERTIFICATE.search(result) is not None and "补发" not in result


def last_day(since: date, months: int | None) -> date | None:
    """Return the last day of validity: the day before the corresponding day, or the end of a shorter month."""
    if months is None:
        return None
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if since.day > last:
        return date(year, month + 1, last)
    return date(year, month + 1, since.day) - timedelta(days=1)


def renewed_until(until: date | None, months: int | None, on: date) -> date | None:
    """Return the last day of a renewed validity, which begins the day after the earlier one ends."""
    return last_day(until + timedelta(days=1) if until else on, months)


def is_good(state: str, until: date | None, on: date) -> bool:
    """Tell whether a certificate may be relied on on a day."""
    return state == procedure.VALID and (until is None or on <= until)


def standing(state: str, until: date | None, on: date) -> str:
    """Return in words how a certificate stands on a day."""
    if state == procedure.VALID and until is not None and on > until:
        return "已过有效期"
    return procedure.PROCEDURE.state(state).label


def to_change(name: str, asked: Asked, state: str, until: date | None, on: date) -> tuple[Obstacle, ...]:
    """Return everything that stands against a change of a certificate."""
    basis, found = _BASIS[name], []
    grounds = GROUNDS.get(name)
    if grounds and asked.ground not in grounds:
        found.append(Obstacle("ground", "还没有选法定情形。", basis, f"请选一种：{'；'.join(grounds.values())}。"))
    if not asked.reason.strip():
        found.append(Obstacle("reason", "还没有写事实和理由。", basis, "请写明事实和理由，会写进决定书。"))
    if name in _BY_PENALTY and not asked.decision.strip():
        found.append(
            Obstacle("decision", "还没有写行政处罚决定书的文号。", basis, "暂扣、吊销是行政处罚，先有处罚决定。")
        )
    if owes_for_loss(name, asked.ground) and not asked.compensation.strip():
        word = "补偿" if name == "withdraw_certificate" else "赔偿"
        message, remedy = f"还没有写给被许可人的{word}。", f"请写明怎样{word}；没有损失的，写明没有损失。"
        found.append(Obstacle("compensation", message, basis, remedy))
    if name in ("renew_certificate", "suspend_certificate") and (asked.until is None or asked.until <= on):
        word = "新的有效期" if name == "renew_certificate" else "暂扣到哪一天"
        found.append(Obstacle("until", f"还没有写{word}，或者写的日子已经过了。", basis, "请填写今天以后的日期。"))
    if name == "renew_certificate":
        found.extend(_renewing(asked.until, until))
    if name == "cancel_certificate":
        found.extend(_cancelling(asked.ground, state, until, on))
    return tuple(found)


def _renewing(asked: date | None, until: date | None) -> tuple[Obstacle, ...]:
    if until is None:
        return (Obstacle("until", "这份证照长期有效，不用延续。", RENEWED, "要改许可内容的，请用变更。"),)
    if asked is not None and asked <= until:
        return (
            Obstacle("until", f"现在的有效期到 {until}，延续不能缩短它。", RENEWED, "请填写现在的有效期以后的日期。"),
        )
    return ()


def owes_for_loss(name: str, ground: str) -> bool:
    """Tell whether a change must say what becomes of the holder's loss.

    Source: 行政许可法 art. 8 par. 2 (补偿), art. 69 par. 4 (赔偿); what was got by fraud is not protected.
    """
    return name == "withdraw_certificate" or (name == "revoke_certificate" and ground in _FAULTS_OF_THE_ORGAN)


def _cancelling(ground: str, state: str, until: date | None, on: date) -> tuple[Obstacle, ...]:
    gone = (procedure.WITHDRAWN, procedure.REVOKED, procedure.RESCINDED)
    if ground == "expired" and (until is None or on <= until):
        return (Obstacle("ground", "有效期还没有届满。", CANCELLING, "请核对有效期，或者选别的情形。"),)
    if ground == "ended" and state not in gone:
        return (
            Obstacle("ground", "这份证件没有被撤销、撤回或者吊销。", CANCELLING, "请先作出该决定，或者选别的情形。"),
        )
    return ()
