"""The catalogue of themes (一件事), as the list office keeps it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xiaoneng.approval.joint import themes
from xiaoneng.kit import clock, marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.marks import Overtaken
from xiaoneng.org.models import Department
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.web import seen
from xiaoneng.web.access import Policy, account_of, by_of, policy

NEW = "new"


@policy(Policy.STAFF)
def all_themes(request: HttpRequest) -> HttpResponse:
    """List every theme, those that are closed too."""
    return render(request, "lists/themes.html", {"themes": themes.themes(clock.now(), closed=True)})


@policy(Policy.STAFF)
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """Show a theme and keep it changed; joint cases under way keep what they were filed with."""
    now = clock.now()
    shown = None if code == NEW else themes.theme(code, now)
    obstacles: list[dict[str, str]] = []
    overtaken, standing = False, shown
    if request.method == "POST":
        try:
            wish = _wish(request, code)
            # Who makes a new one has seen none of its code.
            read = seen.posted(request) or (marks.mark({}) if shown is None else "")
            themes.keep(wish, by=by_of(request), account=account_of(request).pk, at=now, seen=read)
            messages.success(request, f"“{wish.name}”已保存，马上生效；已经提交的并联件不变。")
            return redirect("lists:theme", wish.code)
        except Amiss as amiss:
            overtaken = isinstance(amiss, Overtaken)
            standing = themes.theme(wish.code, now) if overtaken else shown
            obstacles = [{"message": said} for _, said in amiss.faults]
        except NotAllowed as refusal:
            obstacles = [{"message": str(refusal)}]
    values = request.POST if request.method == "POST" else _values(shown)
    departments = Department.objects.order_by("region__code", "name").values_list("id", "name")
    context = {
        "theme": shown,
        "values": values,
        "departments": departments,
        "obstacles": obstacles,
        "lead": str(values.get("lead", "")),
        "seen": seen.next_mark(request, themes.mark_of(standing), overtaken=overtaken) if standing else "",
    }
    return render(request, "lists/theme.html", context, status=422 if obstacles else 200)


def _wish(request: HttpRequest, code: str) -> themes.Wish:
    given = request.POST
    days, lead = given.get("days", ""), given.get("lead", "")
    return themes.Wish(
        code=given.get("code", "").strip() if code == NEW else code, name=given.get("name", "").strip(),
        summary=given.get("summary", "").strip(), basis=given.get("basis", "").strip(), lines=given.get("lines", ""),
        lead=int(lead) if lead.isdecimal() and len(lead) < 10 else 0, active=given.get("active") == "on",
        days=int(days) if days.isascii() and days.isdecimal() and len(days) < 4 else 0,
    )  # fmt: skip


def _values(shown: themes.ThemeShown | None) -> dict[str, object]:
    if shown is None:
        return {"days": 45, "active": "on"}
    return {
        "name": shown.name, "summary": shown.summary, "basis": shown.basis, "days": shown.days, "lead": shown.lead,
        "active": "on" if shown.active else "", "lines": themes.as_lines(shown), "code": shown.code,
    }  # fmt: skip
