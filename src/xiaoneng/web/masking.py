"""Personal data on staff pages: hidden by default, shown in full to whoever handles the case and says why."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiaoneng.approval import reads
from xiaoneng.approval.agency import reads as agency
from xiaoneng.kit import clock, numbers
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail import reads as records
from xiaoneng.web.access import Policy, account_of, by_of, policy
from xiaoneng.web.staff import moves

OPEN_FOR = timedelta(minutes=15)
HANDLING = frozenset({Role.WINDOW, Role.REVIEWER, Role.HEAD})
ACCOMPANYING = frozenset({Role.AGENT})  # a project is handled by its agents
FIELDS = "证件号、手机、地址"
MOST_OF_ADDRESS = 16  # characters, where no house number tells what to hide
_HOUSE = re.compile(r"[0-9０-９一二三四五六七八九十百]+\s*(?:号|幢|栋|座|室|单元|弄|组|户)")


def personal(file: MatterFile, *, in_full: bool) -> dict[str, str]:
    """Return an applicant's identity, phone and address, masked unless they may be shown in full."""
    form = reads.form_of(file)
    identity, phone, address = (form.get(name, "") for name in ("identity", "phone", "address"))
    if in_full:
        return {"identity": identity, "phone": phone, "address": address}
    return {
        "identity": numbers.masked_id_number(identity), "phone": numbers.masked_phone(phone), "address": masked_address(address),
    }  # fmt: skip


def masked_address(address: str) -> str:
    """Return an address down to the street, its house and room hidden: 安澜市临江路 88 号 becomes 安澜市临江路***."""
    street = _HOUSE.split(address, maxsplit=1)[0].rstrip()
    return f"{street[:MOST_OF_ADDRESS]}***" if address else ""


def is_open(account: int, file: MatterFile, now: datetime) -> bool:
    """Tell whether somebody who handles a case gave a reason a short while ago and still handles it."""
    return records.unmasked_since(account, key_of(file), now - OPEN_FOR) and handles(account, file, now)


def handles(account: int, file: MatterFile, now: datetime) -> bool:
    """Tell whether an account handles cases of the department of this one today."""
    handling = ACCOMPANYING if file.kind == agency.KIND else HANDLING
    return any(each.role in handling for each in org.roles_of(account, file.department, local_day(now)))


def offered(account: int, file: MatterFile, now: datetime) -> dict[str, str]:
    """Return where to give the reason, an empty address while the data are open, and nothing to who does not handle it."""
    if not handles(account, file, now):
        return {}
    open_now = records.unmasked_since(account, key_of(file), now - OPEN_FOR)
    return {"url": "" if open_now else reverse("account:unmask", args=[file.called])}


def key_of(file: MatterFile) -> str:
    """Return under which key the record speaks of a matter."""
    return f"matter:{file.id}"


class Why(forms.Form):
    """The reason."""

    reason = forms.CharField(
        label="为什么要看", max_length=200, min_length=4, help_text="例如“核对营业执照上的证件号”“电话通知补正”",
        error_messages={"required": "请写明为什么要看", "min_length": "请写得具体一些，至少 4 个字"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the reason, note it, and open the personal data of one case for a short while."""
    account, now = account_of(request), clock.now()
    file = _visible(number, account.pk, now)
    if not handles(account.pk, file, now):
        raise NotAllowed("只有办这个件的人能看完整的个人信息。需要核对的，请联系承办部门。")
    form, back = (
        Why(request.POST or None),
        reverse("staff:project" if file.kind == agency.KIND else "staff:case", args=[number]),
    )
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        trail.note_unmask(by_of(request), f"办件 {file.called}", key=key_of(file), fields=FIELDS, reason=reason, at=now)
        return redirect(back)
    shown = {"form": form, "number": number, "back": back, "minutes": OPEN_FOR.seconds // 60}
    return render(request, "account/unmask.html", shown, status=422 if form.errors else 200)


def _visible(number: str, account: int, now: datetime) -> MatterFile:
    file = reads.load(number)
    if file.kind != agency.KIND:
        return moves.visible_case(number, account, now)
    agency.require_visible(file, account, now)
    return file
