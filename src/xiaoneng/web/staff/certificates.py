"""The register of certificates for those who keep it: the list, one certificate, its changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import certificates, reads
from xiaoneng.approval.actions import certificates as actions
from xiaoneng.approval.certificates import CertificateLine
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.rules.annulment import MOVE
from xiaoneng.rules.certificates import GROUNDS, Asked
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.procedures.certificate import PROCEDURE
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import exports
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key

_STANDINGS = (("", "全部"), ("valid", "有效"), ("ending", "三十日内到期"), ("suspended", "暂扣中"),
              ("withdrawn", "已撤回"), ("revoked", "已撤销"), ("rescinded", "已吊销"), ("cancelled", "已注销"))  # fmt: skip
_UNTIL = ("renew_certificate", "suspend_certificate")
_COMPENSATED = {"withdraw_certificate": "补偿", "revoke_certificate": "赔偿"}
_LOSS = {"revoke_certificate": "被许可人的合法权益受到损害的，依法赔偿；以欺骗、贿赂等手段取得的不用填"}
_BY_PENALTY = ("suspend_certificate", "rescind_certificate")


class Changing(forms.Form):
    """What a change of a certificate must state; which fields there are depends on the change."""

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{name}_%s"} | kwargs)
        if name in GROUNDS:
            choices = [("", "请选择"), *GROUNDS[name].items()]
            self.fields["ground"] = forms.ChoiceField(label="法定情形", choices=choices, required=False)
        area = forms.Textarea(attrs={"rows": 3})
        self.fields["reason"] = forms.CharField(label="事实和理由", max_length=1000, required=False, widget=area)
        if name in _BY_PENALTY:
            self.fields["decision"] = forms.CharField(label="行政处罚决定书文号", max_length=80, required=False)
        if name == MOVE:
            self.fields["organ"] = forms.CharField(label="撤销的机关", max_length=120, required=False)
            self.fields["decision"] = forms.CharField(label="撤销文书的文号", max_length=120, required=False)
            self.fields["made_on"] = forms.DateField(
                label="撤销文书的日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": "日期写成 2026-03-02 的样子"},
            )  # fmt: skip
        if name in _COMPENSATED:
            self.fields["compensation"] = forms.CharField(
                label=_COMPENSATED[name], max_length=300, required=False, help_text=_LOSS.get(name, "")
            )
        if name in _UNTIL:
            self.fields["until"] = forms.DateField(
                label="新的有效期至" if name == "renew_certificate" else "暂扣至", required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": "日期写成 2026-03-02 的样子"},
            )  # fmt: skip
        if name == "amend_certificate":
            area = forms.Textarea(attrs={"rows": 3})
            self.fields["scope"] = forms.CharField(
                label="变更后的许可内容", max_length=2000, required=False, widget=area
            )
        for field in self.fields.values():
            field.asked = True  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """Return what was written, as the rule reads it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "scope"}
        return Asked(**told)


@policy(Policy.STAFF)
@require_GET
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Show the register within this person's reach; as a spreadsheet where it is asked for."""
    account, today = account_of(request).pk, local_day(clock.now())
    words, standing = request.GET.get("words", "")[:60], request.GET.get("standing", "")
    standing = standing if standing in dict(_STANDINGS) else ""
    if request.GET.get("form") in ("csv", "xlsx"):
        return _sheet(request, certificates.register(account, today, words=words, standing=standing, most=10_000))
    found = certificates.register(account, today, words=words, standing=standing)
    rows = [
        {"line": each, "standing": each.standing(today), "url": reverse("staff:certificate", args=[each.code])}
        for each in found
    ]
    chips = [{"label": label, "key": key, "on": key == standing} for key, label in _STANDINGS]
    return render(
        request, "staff/certificates.html", {"rows": rows, "chips": chips, "words": words, "standing": standing}
    )


_HEADER = ("证照名称", "证照编号", "证照编码", "持有人", "部门", "有效期自", "有效期至", "现在")


def _sheet(request: HttpRequest, lines: tuple[CertificateLine, ...]) -> HttpResponse:
    today = local_day(clock.now())
    rows = [
        (each.title, each.number, each.code, each.shown_holder, each.department, each.valid_from, each.valid_until or "长期",
         each.standing(today))
        for each in lines
    ]  # fmt: skip
    filters = {name: request.GET.get(name, "") for name in ("words", "standing")}
    return exports.table(request, "证照台账", _HEADER, rows, form=request.GET["form"], filters=filters)


@policy(Policy.STAFF)
@never_cache
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Show one certificate with its history, and change it where that is asked for."""
    now = clock.now()
    line = certificates.by_code(code)
    certificates.require_visible(line, account_of(request).pk, local_day(now))
    name = request.POST.get("do", "")
    if request.method != "POST" or name not in actions.CHANGES:
        return _page(request, line, now)
    form = Changing(name, request.POST)
    if not form.is_valid():
        return _page(request, line, now, (name, form), status=422)
    try:
        actions.change(
            line.id, name, by=actor_of(request), at=now, key=form_key(request), asked=form.asked(),
            scope=form.cleaned_data.get("scope", ""),
        )  # fmt: skip
    except Obstructed as refusal:
        return _page(request, line, now, (name, form), refusal.obstacles, 422)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return _page(request, certificates.by_code(code), now, status=409)
    messages.success(request, f"已{PROCEDURE.move(name).label}，决定文书已经发出。")
    return redirect("staff:certificate", line.code)


def _page(
    request: HttpRequest, line: CertificateLine, now: datetime, bound: tuple[str, Changing] | None = None,
    obstacles: tuple[Obstacle, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    held = {each.role for each in org.roles_of(account_of(request).pk, line.department_id, local_day(now))}
    leaving = [row for row in PROCEDURE.leaving(line.state) if Role.HEAD in row.roles and Role.HEAD in held]
    journal = matters.journal(line.id)
    names = org.names_of_accounts({each.actor for each in journal}) | {0: "平台"}
    case = reads.load(line.case)
    shown = {
        "line": line, "standing": line.standing(local_day(now)), "good": line.is_good(local_day(now)),
        "case": case.called, "case_url": reverse("staff:case", args=[case.called]),
        "public_url": reverse("public:certificate", args=[line.code]),
        "changes": [
            {
                "name": row.name, "label": row.label, "basis": str(row.basis), "open": bool(bound and bound[0] == row.name),
                "form": bound[1] if bound and bound[0] == row.name else Changing(row.name),
            }
            for row in leaving
        ],
        "history": [
            {"at": each.recorded_at, "label": each.label, "who": names.get(each.actor, ""),
             "reason": each.facts["what"].get("reason", "")}
            for each in journal
        ],
        "papers": [
            {"title": d.title, "number": d.number, "url": reverse("public:notice", args=[d.verify_code]), "day": d.issued_at}
            for d in matters.documents(line.id)
        ],
    }  # fmt: skip
    return render(request, "staff/certificate.html", {"certificate": shown, "obstacles": obstacles}, status=status)
