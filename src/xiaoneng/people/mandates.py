"""Verbs about authority to act for an organisation: given, prolonged and ended at the window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from xiaoneng.kit import numbers
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import accounts
from xiaoneng.people.applicant_reads import ends_after
from xiaoneng.people.applicants import held_applicant
from xiaoneng.people.models import Enterprise, Mandate, Person
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

PAPERS = {"attorney": "授权委托书", "legal": "法定代表人身份证明"}
FARTHEST = timedelta(3660)


@dataclass(frozen=True, slots=True)
class Authority:
    """What a paper says: for which organisation, who represents it, and until which day, inclusive."""

    uscc: str
    company: str
    representative: str
    paper: str
    last: date | None
    corrected: bool = False  # the record of an earlier name is corrected by the licence

    def tidied(self) -> Authority:
        """Return it without stray spaces, the code in its plain form."""
        return replace(
            self, uscc=numbers.normalise_code(self.uscc), company=" ".join(self.company.split()),
            representative=" ".join(self.representative.split()),
        )  # fmt: skip


@transaction.atomic
def authorise(account: int, asked: Authority, *, by: By, at: datetime) -> int:
    """Let an applicant act for an organisation until a day, from today or as long as she has done; return its id.

    :raises Amiss: names everything that is missing or wrong.
    """
    asked, today = asked.tidied(), local_day(at)
    held_applicant(account)
    person = Person.objects.select_for_update().get(account_id=account)
    firm = _held_firm(asked)
    if faults := _faults(asked, person, firm, today):
        raise Amiss(faults)
    assert firm is not None and asked.last is not None
    _correct(firm, asked, by, at)
    upper = asked.last + timedelta(1)
    rows = Mandate.objects.filter(ends_after(today), person=person, enterprise=firm)
    row = rows.order_by("during").first()
    before = _last_of(row) if row else "没有"
    if row is None:
        row = Mandate.objects.create(person=person, enterprise=firm, during=DateRange(today, upper))
    else:
        row.during = DateRange(min(row.during.lower, today), upper)
        row.save(update_fields=["during"])
    if before != str(asked.last):
        trail.note_change(
            by, "登记代办授权", _about(person, firm), key=accounts.key_of(account), at=at, before={"授权到": before},
            after={"授权到": str(asked.last)}, reason=f"核对了{PAPERS[asked.paper]}",
        )  # fmt: skip
    return row.pk


def _held_firm(asked: Authority) -> Enterprise | None:
    if not numbers.is_credit_code(asked.uscc):
        return None
    made = Enterprise(uscc=asked.uscc, name=asked.company[:120], legal_representative=asked.representative[:60])
    Enterprise.objects.bulk_create([made], ignore_conflicts=True)
    return Enterprise.objects.select_for_update().get(uscc=asked.uscc)


def _faults(asked: Authority, person: Person, firm: Enterprise | None, today: date) -> list[tuple[str, str]]:
    found = []
    if firm is None:
        found.append(("uscc", "统一社会信用代码不对：应为 18 位，最后一位是校验码。请照着证照重新填写。"))
    if not 1 <= len(asked.company) <= 120:
        found.append(("company", "请填写单位名称，与证照一致，最多 120 个字。"))
    elif firm is not None and firm.name != asked.company and not asked.corrected:
        found.append(("company", _other_name(firm.name)))
    if not 1 <= len(asked.representative) <= 60:
        found.append(("representative", "请填写法定代表人（负责人）的姓名，最多 60 个字。"))
    if asked.paper not in PAPERS:
        found.append(("paper", "请选择核对了哪种授权的证明。"))
    elif asked.paper == "legal" and asked.representative and asked.representative != person.name:
        found.append(
            ("paper", "本人不是上面填的法定代表人，要凭授权委托书。请核对法定代表人的姓名，或者改选授权委托书。")
        )
    if asked.last is None or not today <= asked.last <= today + FARTHEST:
        found.append(("last", "请填写授权的最后一天：最早今天，最晚十年以内。"))
    return found


def _other_name(known: str) -> str:
    return f"这个代码登记的名称是“{known}”。请先核对代码；确实更过名的，勾选“按证照更正单位名称”。"


def _correct(firm: Enterprise, asked: Authority, by: By, at: datetime) -> None:
    before = {"名称": firm.name, "法定代表人": firm.legal_representative}
    after = {"名称": asked.company, "法定代表人": asked.representative}
    if before == after:
        return
    firm.name, firm.legal_representative = asked.company, asked.representative
    firm.save(update_fields=["name", "legal_representative"])
    about = f"{firm.name}（{firm.uscc}）"
    trail.note_change(by, "更正单位", about, key=f"enterprise:{firm.pk}", at=at, before=before, after=after)


@transaction.atomic
def end_mandate(account: int, mandate: int, *, by: By, at: datetime, reason: str) -> None:
    """End at once what an applicant may do for an organisation.

    :raises Amiss: no reason is given.
    :raises NotAllowed: it has ended already.
    """
    today, reason = local_day(at), reason.strip()
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("person", "enterprise")
    row = rows.filter(pk=mandate, person__account_id=account).first()
    if row is None or (row.during.upper is not None and row.during.upper <= today):
        raise NotAllowed("这项授权已经结束了，或者不是这个人的。请重新打开这个人的页面。")
    if not reason or len(reason) > 200:
        raise Amiss([("reason", "请写明结束的原因，例如“单位来函撤回授权”，最多 200 个字。")])
    before = _last_of(row)
    if row.during.lower < today:
        row.during = DateRange(row.during.lower, today)
        row.save(update_fields=["during"])
    else:  # given today: of no day is nothing left to keep, but the record
        row.delete()
    trail.note_change(
        by, "结束代办授权", _about(row.person, row.enterprise), key=accounts.key_of(account), at=at,
        before={"授权到": before}, after={"授权到": "已结束"}, reason=reason,
    )  # fmt: skip


def _last_of(row: Mandate) -> str:
    return str(row.during.upper - timedelta(1)) if row.during.upper else "长期"


def _about(person: Person, firm: Enterprise) -> str:
    return f"{person.name}代表{firm.name}（{firm.uscc}）"
