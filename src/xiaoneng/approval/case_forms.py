"""The forms of a case that bear no number, since they leave no house: the application as it was filed, the review form."""

from __future__ import annotations

from pathlib import Path

from xiaoneng.approval import notices, reads, words
from xiaoneng.kit import documents
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local, local_day

TEMPLATE = Path(notices.__file__).parent / "layout" / "notice.typ"
_DELIVERY = {"self": "到窗口自取", "post": "邮寄", "electronic": "电子文书"}
_OPINIONS = ("accept", "deem_accepted", "review", "grant", "refuse", "deem_renewed", "extend", "terminate")


def application_form(file: MatterFile) -> bytes:
    """Return the application as it was filed, as PDF: who applies, for what, with which materials, and its truth."""
    form, first = reads.form_of(file), matters.journal(file.id)[-1]
    person = form.get("kind", "person") == "person"
    rows = [
        ("申请人", form.get("name", "")), ("身份证号" if person else "统一社会信用代码", form.get("identity", "")),
        ("联系人", form.get("contact", "")), ("手机", form.get("phone", "")), ("地址", form.get("address", "")),
        ("申请事项", file.title), ("申请内容", form.get("content", "")),
        ("怎么拿结果", _DELIVERY.get(form.get("delivery", ""), "")), ("收件编号", file.intake_number or ""),
    ]  # fmt: skip
    handed = [f"{each.name}：{each.count} 份" for each in reads.handed(file) if each.count]
    held = [f"{each.label}（{each.issuer}，经申请人同意使用）" for each in reads.held_facts(file)]
    return _pdf(
        "申请书", file, rows, [*handed, *held], first,
        closing=["申请人对申请材料实质内容的真实性负责（《中华人民共和国行政许可法》第三十一条）。"],
    )  # fmt: skip


def review_form(file: MatterFile) -> bytes:
    """Return the review form as PDF: who gave which opinion in which role, and when."""
    lines = [each for each in reversed(words.with_words(file.id, matters.journal(file.id))) if each.move in _OPINIONS]
    names = org.names_of_accounts({each.actor for each in lines}) | {0: "平台"}
    rows = [(_label(each), _opinion(each, names)) for each in lines]
    head = [("办件编号", file.called), ("申请人", file.extra["applicant_name"]), ("事项", file.title)]
    last = lines[-1] if lines else matters.journal(file.id)[0]
    return _pdf("审批表", file, [*head, *rows], [], last, closing=["每一栏取自办件日志，日志只增不改，逐条相扣。"])


def _label(line: EntryLine) -> str:
    return str(line.facts["what"].get("reviewed") or line.label)


def _opinion(line: EntryLine, names: dict[int, str]) -> str:
    what = line.facts["what"]
    said = what.get("opinion") or what.get("reason") or ""
    role = Role(line.role).label + (f"，{line.authority}" if line.authority else "")
    return f"{said}\n{names.get(line.actor, '')}（{role}）　{local(line.recorded_at):%Y-%m-%d %H:%M}".strip()


def _pdf(
    title: str, file: MatterFile, rows: list[tuple[str, str]], items: list[str], last: EntryLine, closing: list[str]
) -> bytes:
    data = {
        "title": title, "organ": file.department_name, "number": "", "addressee": "", "paragraphs": [],
        "rows": [list(row) for row in rows], "items": [{"text": text, "basis": ""} for text in items],
        "closing": closing, "date": chinese_date(local_day(last.recorded_at)), "verify_code": "", "verify_url": "",
        "qr_svg": documents.qr_svg_bytes(file.called).decode(), "hash": last.hash[:16], "copies_note": "",
        "matter_called": file.called,
    }  # fmt: skip
    return documents.pdf(TEMPLATE, data, at=last.recorded_at)
