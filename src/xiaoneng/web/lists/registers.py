"""The pages of the registers around items: kinds, basic catalogue, negative list, everyday words; all by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiaoneng.catalogue import lists, search, upkeep
from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.marks import Overtaken
from xiaoneng.org import registers as org
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.items.labels import UNITS
from xiaoneng.rules.roles import Role
from xiaoneng.web import seen
from xiaoneng.web.access import Policy, by_of, policy
from xiaoneng.web.lists import door
from xiaoneng.web.lists.register_forms import MEASURES, Basic, Kind, Negative, Word

PAGE = 60
TRIED = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a register's table: its key, its cells, and whether it can be edited in place."""

    key: str
    cells: tuple[str, ...]
    editable: bool = True


@dataclass(frozen=True, slots=True)
class Register:
    """A register: how it is called, its columns, its form, and what saves and removes."""

    title: str
    lead: str
    columns: tuple[str, ...]
    form: type[forms.Form]
    rows: Callable[[str, int], tuple[list[Row], int]]
    initial: Callable[[str], dict[str, Any] | None]
    save: Callable[[HttpRequest, dict[str, Any], str], None]
    remove: Callable[[HttpRequest, str], None]
    remove_word: str = "删除"
    key_fields: tuple[str, ...] = ()  # fixed once a row stands
    mark: Callable[[str], str] = lambda key: ""


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip()]


# --- kinds ------------------------------------------------------------------------------------------------------------


def _kind_rows(words: str, page: int) -> tuple[list[Row], int]:
    known = [each for each in upkeep.kinds() if words in each.name or words in each.code]
    return [
        Row(each.code, (each.name, each.code, "依申请" if each.on_application else "依职权")) for each in known
    ], len(known)


def _kind_initial(key: str) -> dict[str, Any] | None:
    found = next((each for each in upkeep.kinds() if each.code == key), None)
    return {"code": found.code, "name": found.name, "on_application": found.on_application} if found else None


def _kind_save(request: HttpRequest, said: dict[str, Any], key: str) -> None:
    upkeep.save_kind(
        key or said["code"],
        said["name"],
        on_application=said["on_application"],
        fresh=not key,
        by=by_of(request),
        at=clock.now(),
        seen=seen.posted(request),
    )


def _kind_mark(key: str) -> str:
    return next((each.version for each in upkeep.kinds() if each.code == key), "")


def _kind_remove(request: HttpRequest, key: str) -> None:
    upkeep.remove_kind(key, by=by_of(request), at=clock.now(), seen=seen.posted(request))


# --- basic catalogue --------------------------------------------------------------------------------------------------


def _limit_words(each: upkeep.BasicLine) -> str:
    return "—" if each.statutory_n is None else f"{each.statutory_n} {UNITS.get(each.statutory_unit, '')}"


def _basic_rows(words: str, page: int) -> tuple[list[Row], int]:
    known = upkeep.basics(words)
    shown = [
        Row(each.code, (
            each.name, each.code, each.kind, _limit_words(each),
            f"{len(each.bases)} 条", f"{len(each.materials)} 样", f"{each.items} 个",
        ))
        for each in known
    ]  # fmt: skip
    return shown, len(shown)


def _basic_initial(key: str) -> dict[str, Any] | None:
    found = next((each for each in upkeep.basics(key) if each.code == key), None)
    if found is None:
        return None
    return {
        "code": found.code, "name": found.name, "kind": found.kind, "statutory_n": found.statutory_n,
        "statutory_unit": found.statutory_unit, "bases": "\n".join(found.bases), "materials": "\n".join(found.materials),
        "free_of_charge": found.free_of_charge, "source": found.source,
    }  # fmt: skip


def _basic_save(request: HttpRequest, said: dict[str, Any], key: str) -> None:
    values = said | {"bases": _lines(said["bases"]), "materials": _lines(said["materials"])}
    upkeep.save_basic(
        values | ({"code": key} if key else {}), fresh=not key, by=by_of(request), at=clock.now(),
        seen=seen.posted(request),
    )  # fmt: skip


def _basic_mark(key: str) -> str:
    return next((each.version for each in upkeep.basics(key) if each.code == key), "")


def _basic_remove(request: HttpRequest, key: str) -> None:
    upkeep.remove_basic(key, by=by_of(request), at=clock.now(), seen=seen.posted(request))


# --- negative list ----------------------------------------------------------------------------------------------------


def _negative_key(key: str) -> tuple[int, str]:
    region, _, number = key.partition(":")
    if not (region.isascii() and region.isdigit() and len(region) < 10 and number):
        raise NotFound(upkeep.GONE)
    return int(region), number


def _negative_rows(words: str, page: int) -> tuple[list[Row], int]:
    regions = {each.name: each.id for each in org.regions()}
    known = [each for each in lists.negative(clock.now()) if words in each.sector or words in each.text]
    shown = [
        Row(
            f"{regions[each.region]}:{each.number}",
            (
                each.region,
                each.number,
                each.sector,
                each.measure,
                each.text,
                "、".join(name for _, name in each.items) or "—",
            ),
        )
        for each in known
    ]
    return shown, len(shown)


def _negative_initial(key: str) -> dict[str, Any] | None:
    region, number = _negative_key(key)
    found = next((each for each in lists.negative(clock.now(), region=region) if each.number == number), None)
    if found is None:
        return None
    measures = {label: value for value, label in MEASURES}
    return {
        "region": str(region), "number": found.number, "sector": found.sector, "measure": measures[found.measure],
        "text": found.text, "basis": found.basis, "document": found.document,
        "items": "\n".join(code for code, _ in found.items),
    }  # fmt: skip


def _negative_save(request: HttpRequest, said: dict[str, Any], key: str) -> None:
    region, number = _negative_key(key) if key else (int(said["region"]), said["number"])
    upkeep.save_negative(
        region, said | {"number": number}, _lines(said["items"]), fresh=not key, by=by_of(request), at=clock.now(),
        seen=seen.posted(request),
    )  # fmt: skip


def _negative_remove(request: HttpRequest, key: str) -> None:
    region, number = _negative_key(key)
    upkeep.end_negative(region, number, by=by_of(request), at=clock.now(), seen=seen.posted(request))


# --- everyday words ---------------------------------------------------------------------------------------------------


def _word_rows(words: str, page: int) -> tuple[list[Row], int]:
    known = upkeep.synonyms(words, limit=PAGE, offset=(page - 1) * PAGE)
    return [Row(str(each.id), (each.word, each.official), editable=False) for each in known], upkeep.count_synonyms(
        words
    )


def _word_save(request: HttpRequest, said: dict[str, Any], key: str) -> None:
    upkeep.say(said["word"], said["official"], by=by_of(request), at=clock.now())


def _word_remove(request: HttpRequest, key: str) -> None:
    if key.isascii() and key.isdigit() and len(key) < 18:
        upkeep.unsay(int(key), by=by_of(request), at=clock.now())


REGISTERS: Mapping[str, Register] = {
    "kinds": Register(
        "事项类型", "来源不同，类型的编号和叫法也不同；这里定本市怎么叫，能不能申请",
        ("名称", "代码", "怎样办"), Kind, _kind_rows,
        _kind_initial, _kind_save, _kind_remove, key_fields=("code",), mark=_kind_mark,
    ),
    "basics": Register(
        "基本目录", "上级统一的名称、类型、依据、法定时限和材料；下级只能缩短、减少、放宽",
        ("事项", "基本编码", "类型", "法定时限", "依据", "材料", "实施事项"), Basic, _basic_rows, _basic_initial,
        _basic_save, _basic_remove, key_fields=("code",), mark=_basic_mark,
    ),
    "negative": Register(
        "负面清单", "改动立即公布；改以前的写法仍能按日期查到", ("地区", "序号", "领域", "方式", "措施", "有关事项"), Negative,
        _negative_rows, _negative_initial, _negative_save, _negative_remove, "移出", ("region", "number"),
        lambda key: upkeep.negative_marks(clock.now()).get(_negative_key(key), ""),
    ),
    "words": Register(
        "平常说法", "群众怎么说，事项名称里怎么写；加上以后，搜索立即用上", ("平常的说法", "正式的说法"), Word, _word_rows,
        lambda key: None, _word_save, _word_remove,
    ),
}  # fmt: skip


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def register(request: HttpRequest, which: str) -> HttpResponse:
    """Show a register, and change it row by row."""
    door.require(request, Role.LIST_OFFICE)
    if which not in REGISTERS:
        raise NotFound("没有这个登记表。请从清单首页打开。")
    known, here = REGISTERS[which], reverse("lists:register", args=[which])
    words = request.GET.get("q", "").replace("\0", "").strip()[:60]
    key = request.POST.get("key", request.GET.get("edit", "")).replace("\0", "")[:60]
    if request.POST.get("do") == "remove_for_good":
        return _removed(request, known, key, here, words)
    fresh = known.mark(key) if key else ""  # before the values: who is shown newer ones is at worst told once too often
    if request.POST.get("do") == "remove":
        return _shown(request, which, known.form(), "", words, "", asked=(key, fresh))
    initial = known.initial(key) if key else None
    if key and initial is None:
        raise NotFound(upkeep.GONE)
    form, overtaken = known.form(_bound(request, initial, known), initial=initial or {}), ""
    if request.method == "POST" and form.is_valid():
        try:
            known.save(request, form.cleaned_data, key)
        except Amiss as amiss:
            overtaken = amiss.now if isinstance(amiss, Overtaken) else ""
            for field, fault in amiss.faults:
                form.add_error(field if field in form.fields else None, fault)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已保存，并记入管理留痕。")
            return redirect(f"{here}?{urlencode({'q': words})}" if words else here)
    mark = seen.next_mark(request, overtaken or fresh, overtaken=bool(overtaken)) if key else ""
    return _shown(request, which, form, key, words, mark)


def _bound(request: HttpRequest, initial: dict[str, Any] | None, known: Register) -> dict[str, Any] | None:
    if request.method != "POST":
        return None
    fixed = {name: initial[name] for name in known.key_fields} if initial else {}
    return {name: str(value).replace("\0", "") for name, value in request.POST.items()} | fixed


def _removed(request: HttpRequest, known: Register, key: str, here: str, words: str) -> HttpResponse:
    try:
        known.remove(request, key)
    except (Amiss, NotAllowed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已{known.remove_word}，并记入管理留痕。")
    return redirect(f"{here}?{urlencode({'q': words})}" if words else here)


def _shown(
    request: HttpRequest,
    which: str,
    form: forms.Form,
    key: str,
    words: str,
    mark: str,
    asked: tuple[str, str] = ("", ""),
) -> HttpResponse:
    known = REGISTERS[which]
    number = request.GET.get("page", "1")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    rows, total = known.rows(words, max(1, wanted))
    named = [(row, tuple(zip(known.columns, row.cells, strict=True))) for row in rows]
    page = Paginator(range(total), PAGE).get_page(wanted) if which == "words" else None
    for name in known.key_fields if key else ():
        form.fields[name].disabled = True
    removing = next((row for row in rows if row.key == asked[0]), Row(asked[0], ())) if asked[0] else None
    context = {
        "which": which, "register": known, "rows": named, "total": total, "page": page, "form": form, "editing": key,
        "words": words, "seen": mark, "removing": removing,
        "removing_seen": asked[1],
        "registers": [(name, each.title) for name, each in REGISTERS.items()],
        "tried": search.search(words, at=clock.now(), limit=TRIED).rows if which == "words" and words else (),
    }  # fmt: skip
    return render(request, "lists/register.html", context, status=422 if form.errors else 200)
