"""The published lists: anybody may read them as of any day, follow an item through its versions, and take the data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from xiaoneng.catalogue import history, lists, upkeep
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.imports import workbook
from xiaoneng.catalogue.lists import Choice
from xiaoneng.catalogue.reads import plan
from xiaoneng.kit import clock
from xiaoneng.powerlists import reads as powerlists
from xiaoneng.powerlists.remarks import remark
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.items.differences import line as line_of
from xiaoneng.rules.items.differences import words
from xiaoneng.rules.items.labels import GROUPS, ROW_LABELS
from xiaoneng.rules.workdays import CHINA, local_day
from xiaoneng.web import flow_charts
from xiaoneng.web.access import Policy, policy

PAGE = 50
MOST_IN_WORKBOOK = 5000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_of(request: HttpRequest) -> tuple[datetime, date | None]:
    """Return the instant that is asked for: the end of a past day, or now."""
    text = request.GET.get("on", "")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = None
    if day is None or day >= local_day(clock.now()) or day.year < 1949:
        return clock.now(), None
    return datetime.combine(day, time(23, 59, 59), CHINA), day


def choice_of(request: HttpRequest) -> Choice:
    """Return which part of a list the address asks for; what makes no sense narrows nothing."""
    return Choice(
        _number(request, "department"), _number(request, "region"), request.GET.get("kind", "")[:30],
        request.GET.get("q", "").replace("\0", "").strip()[:60],
    )  # fmt: skip


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@policy(Policy.PUBLIC)
def powers(request: HttpRequest) -> HttpResponse:
    """Show the list of powers."""
    at, day = as_of(request)
    choice = choice_of(request)
    page = Paginator(range(lists.count(at, choice)), PAGE).get_page(_page_number(request))
    context = {
        "rows": lists.powers(at, choice, limit=PAGE, offset=(page.number - 1) * PAGE),
        "page": page, "kinds": lists.totals_by_kind(at, Choice(choice.department, choice.region)),
        "departments": lists.totals_by_department(at, Choice(region=choice.region)),
        "regions": lists.totals_by_region(at, Choice()),
    }  # fmt: skip
    return render(request, "lists/powers.html", context | _frame(request, "powers", at, day, choice))


def _frame(request: HttpRequest, here: str, at: datetime, day: date | None, choice: Choice) -> dict[str, Any]:
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    return {"here": here, "at": at, "on": day, "choice": choice, "query": urlencode(kept)}


@policy(Policy.PUBLIC)
def responsibilities(request: HttpRequest) -> HttpResponse:
    """Show the list of responsibilities, each with the power that it belongs to."""
    at, day = as_of(request)
    choice = choice_of(request)
    page = Paginator(range(lists.count_duties(at, choice)), PAGE).get_page(_page_number(request))
    rows = lists.duties(at, choice, limit=PAGE, offset=(page.number - 1) * PAGE)
    context = {"rows": rows, "page": page, "departments": lists.totals_by_department(at, Choice(region=choice.region))}
    return render(request, "lists/responsibilities.html", context | _frame(request, "duties", at, day, choice))


@policy(Policy.PUBLIC)
def negative(request: HttpRequest) -> HttpResponse:
    """Show the negative list for investment, linked with the powers that enforce it."""
    at, day = as_of(request)
    choice = choice_of(request)
    context = {"rows": lists.negative(at, region=choice.region)}
    return render(request, "lists/negative.html", context | _frame(request, "negative", at, day, choice))


@policy(Policy.PUBLIC)
def adjustments(request: HttpRequest) -> HttpResponse:
    """Show how the list changed: every decision, newest first."""
    at, day = as_of(request)
    return render(
        request, "lists/adjustments.html",
        {"rows": history.adjustments(limit=PAGE * 4)} | _frame(request, "adjustments", at, day, Choice()),
    )  # fmt: skip


@policy(Policy.PUBLIC)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything that an item says at an instant, its versions and the decisions about it."""
    at, day = as_of(request)
    versions = history.history(code)
    standing = next((each for each in versions if each.stands_at(at)), None)
    shown = standing or versions[0]
    content = content_of(shown.id)
    context = {
        "code": code, "versions": versions, "shown": shown, "standing": standing, "content": content,
        "why": "" if standing else history.why_off_the_list(code, at), "groups": _groups(content),
        "rows": _rows(content), "adjustments": history.adjustments(code=code), "flow": flow_charts.shown(plan(shown.id)),
    }  # fmt: skip
    return render(request, "lists/item.html", context | _frame(request, "powers", at, day, Choice()))


def _groups(content: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    limits = {"statutory_n": "statutory", "promised_n": "promised"}
    hidden = {"statutory_unit", "promised_unit", "name"}
    found = []
    for title, parts in GROUPS:
        lines = [
            (part.label, words(getattr(content, limits.get(part.name, part.name))))
            for part in parts
            if part.name not in hidden and not (part.sort == "mark" and not getattr(content, part.name))
        ]
        found.append((title, [(label, value) for label, value in lines if value]))
    return [(title, lines) for title, lines in found if lines]


def _rows(content: Any) -> list[tuple[str, list[str]]]:
    return [
        (label, [line_of(row) for row in getattr(content, part)])
        for part, label in ROW_LABELS.items()
        if getattr(content, part)
    ]


@policy(Policy.PUBLIC)
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show two versions of an item side by side."""
    versions = history.history(code)
    newest = versions[0].serial
    after = _number(request, "to") or newest
    before = _number(request, "from") or max(1, after - 1)
    old, new, found = history.compared(code, before, after)
    context = {
        "code": code, "versions": versions, "before": before, "after": after, "old": old, "new": new, "differences": found,
        "old_line": _version(versions, before), "new_line": _version(versions, after),
    }  # fmt: skip
    return render(request, "lists/compare.html", context | {"here": "powers", "at": clock.now(), "on": None})


def _version(versions: tuple[history.VersionLine, ...], serial: int) -> history.VersionLine | None:
    return next((each for each in versions if each.serial == serial), None)


@policy(Policy.PUBLIC)
def data(request: HttpRequest, form: str) -> HttpResponseBase:
    """Hand out the list as open data: json and csv whole, xlsx as the form that can be filled in and taken in again."""
    at, day = as_of(request)
    choice = choice_of(request)
    name = f"powers-{(day or local_day(at)).isoformat()}.{form}"
    if form == "json":
        answer: HttpResponseBase = StreamingHttpResponse(_json(at, choice), content_type="application/json")
    elif form == "csv":
        answer = StreamingHttpResponse(_csv(at, choice), content_type="text/csv; charset=utf-8")
    else:
        if lists.count(at, choice) > MOST_IN_WORKBOOK:
            raise NotAllowed(f"超过 {MOST_IN_WORKBOOK} 项，表格太大。请先按部门或类型缩小范围，或者下载 CSV、JSON。")
        kinds = [each.name for each in upkeep.kinds()]
        answer = HttpResponse(workbook.write(lists.listed(at, choice), kinds), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _json(at: datetime, choice: Choice) -> Iterator[str]:
    yield '{"as_of": ' + json.dumps(at.isoformat()) + ', "licence": "开放数据，注明来源即可使用", "items": [\n'
    first = True
    for each in lists.listed(at, choice):
        plain = {
            "code": each.code, "department": each.department, "region_code": each.region_code, "region": each.region,
            **each.content.as_json(),
        }  # fmt: skip
        yield ("" if first else ",\n") + json.dumps(plain, ensure_ascii=False)
        first = False
    yield "\n]}\n"


_COLUMNS = (
    "编码",
    "事项名称",
    "事项类型",
    "实施部门",
    "行政区划",
    "设定依据",
    "法定办结时限",
    "承诺办结时限",
    "申请材料",
    "收费",
    "责任事项",
)


def _csv(at: datetime, choice: Choice) -> Iterator[str]:
    yield "\ufeff" + _csv_line(_COLUMNS)
    for each in lists.listed(at, choice):
        content = each.content
        yield _csv_line((
            each.code, content.name, content.kind, each.department, each.region,
            "；".join(str(basis) for basis in content.legal_bases) or content.basis, str(content.statutory or ""),
            str(content.promised or ""), "；".join(paper.name for paper in content.materials),
            "；".join(line_of(fee) for fee in content.fees), "；".join(duty.duty for duty in content.duties),
        ))  # fmt: skip


def _csv_line(values: tuple[str, ...]) -> str:
    out = io.StringIO()
    # A cell that begins like a formula would be run by a spreadsheet.
    csv.writer(out).writerow([f"'{value}" if value[:1] in ("=", "+", "-", "@") else value for value in values])
    return out.getvalue()


@policy(Policy.PUBLIC)
def notices(request: HttpRequest) -> HttpResponse:
    """Show the lists that anybody may say something about now."""
    rows = powerlists.open_for_comment(clock.now())
    return render(request, "lists/notices.html", {"rows": rows, "here": "notices", "on": None})


@policy(Policy.PUBLIC)
def notice(request: HttpRequest, matter: int) -> HttpResponse:
    """Show a list under public notice, take comments, and show those made with their answers."""
    now = clock.now()
    line = powerlists.compilation(matter, now)
    if line.notice_ends is None:
        raise NotFound("这份清单还没有公开征求意见。请从征求意见列表里打开。")
    problem = ""
    if request.method == "POST":
        said = {name: request.POST.get(name, "").replace("\0", "") for name in ("who", "text", "code")}
        try:
            remark(matter, source="public", at=now, **said)
            return redirect("powers:notice", matter)
        except NotAllowed as refusal:
            problem = str(refusal)
    rows = powerlists.proposals(matter)
    context = {
        "line": line, "rows": [each for each in rows if each.disposition != "keep"],
        "kept": sum(each.disposition == "keep" for each in rows),
        "remarks": powerlists.remarks(matter, "public"), "problem": problem, "here": "notices", "on": None,
        "open": line.state == "public_notice" and local_day(now) <= line.notice_ends, "said": request.POST,
    }  # fmt: skip
    return render(request, "lists/notice.html", context, status=422 if problem else 200)
