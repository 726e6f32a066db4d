"""A notice prints what it is told, literally, on as many pages as it takes, and the same bytes every time."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

import xiaoneng
from xiaoneng.kit import documents

NOTICE = Path(xiaoneng.__file__).parent / "approval" / "layout" / "notice.typ"
ADDRESS = "https://zw.example.cn/v/K7PM3XW9Q4TN"
FACTS = {
    "title": "申请材料补正告知书",
    "organ": "安澜市市场监督管理局",
    "number": "安市监许补字〔2026〕第3号",
    "addressee": "王小明",
    "paragraphs": ["你于2026年3月2日提出的“食品经营许可”申请收悉。经审查，现一次告知你需要补正的全部内容："],
    "items": [{"text": "营业执照复印件未加盖公章，请补交。", "basis": "《食品经营许可和备案管理办法》第十四条"}],
    "rows": [["补正期限", "2026年3月31日前"], ["联系电话", "0751-1234567"]],
    "closing": ["逾期未补正的，视为撤回申请。", ["救济途径", "可以自收到之日起六十日内申请行政复议。"]],
    "date": "2026年3月2日",
    "verify_code": "K7PM-3XW9-Q4TN",
    "verify_url": "https://zw.example.cn/v",
    "hash": "9f86d081884c7d65",
    "qr_svg": documents.qr_svg_bytes(ADDRESS).decode(),
    "copies_note": "本告知书一式两份。",
}
MARKUP = [
    "#panic(1)", "#import", "$x^2$", "*粗*", "_斜_", "[括号]", "\\反斜", "<标签>", "@引用", '"双引号"', "'单引号'",
    "`代码`", "=标题", "-项", "+项", "/词:义", "~", "---", "...", "//注", "/*注*/", "{花括号}", "\\u{41}",
]  # fmt: skip


def printed(facts: dict) -> list[str]:
    """Return the text of each page, without white space."""
    pages = PdfReader(io.BytesIO(documents.pdf(NOTICE, facts))).pages
    return [re.sub(r"\s", "", page.extract_text()) for page in pages]


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value
    return [text for each in inner for text in texts(each)]


def test_every_fact_is_on_the_paper():
    (page,) = printed(FACTS)
    for text in texts({key: value for key, value in FACTS.items() if key != "qr_svg"}):
        assert text.replace(" ", "") in page
    assert "（盖章）" in page
    assert "第1页共1页" in page


def test_thirty_items_run_over_pages_that_are_numbered_and_can_each_be_verified():
    items = [{"text": f"第{number}份材料缺少签字。" * 3, "basis": f"办法第{number}条"} for number in range(1, 31)]
    pages = printed(FACTS | {"items": items})
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
        assert FACTS["verify_code"] in page
        assert FACTS["number"] in page
    whole = "".join(pages)
    assert all(f"{item['text']}依据{item['basis']}" in whole for item in items)
    assert "（盖章）" in pages[-1]
    assert FACTS["closing"][1][1] in pages[-1]  # the signature never stands alone on a page


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("place", ["title", "paragraphs", "items", "rows", "closing"])
def test_what_looks_like_markup_is_printed_and_never_obeyed(place, text):
    value = {
        "title": text,
        "paragraphs": [text, f"另\n{text}"],
        "items": [{"text": text, "basis": text}],
        "rows": [[text, text]],
        "closing": [[text, text]],
    }[place]
    assert text in "".join(printed(FACTS | {place: value}))


def test_what_is_absent_leaves_no_trace():
    (page,) = printed({"title": "便条", "items": None, "rows": [], "qr_svg": None})
    assert page == "便条第1页共1页"
    (page,) = printed(FACTS | {"items": [{"text": "甲", "basis": None}, {"text": "乙"}]})
    assert "依据" not in page


def test_the_same_facts_give_the_same_bytes_and_the_moment_is_the_documents_own():
    at = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert documents.pdf(NOTICE, FACTS) == documents.pdf(NOTICE, FACTS)
    dated = documents.pdf(NOTICE, FACTS, at=at)
    assert dated != documents.pdf(NOTICE, FACTS)
    assert PdfReader(io.BytesIO(dated)).metadata.creation_date == at


def test_a_notice_is_fit_for_the_archive():
    data = documents.pdf(NOTICE, FACTS)
    reader = PdfReader(io.BytesIO(data))
    assert b"<pdfaid:part>2</pdfaid:part>" in data and b"<pdfaid:conformance>B" in data
    assert reader.metadata.title == FACTS["title"]
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)


def test_a_rare_character_is_named_instead_of_failing_or_vanishing():
    (page,) = printed(FACTS | {"addressee": "𠮷野😀", "title": "通知😀"})
    assert "〔U+20BB7〕野〔U+1F600〕：" in page
    assert "通知〔U+1F600〕" in page


def test_characters_that_print_nothing_are_dropped():
    (page,) = printed(FACTS | {"addressee": "王\u202e小\x00\x07明\u200b"})
    assert "王小明：" in page


def test_several_threads_print_at_once():
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda at: documents.pdf(NOTICE, FACTS | {"number": f"第{at % 4}号"}), range(16)))
    assert len(set(made)) == 4


def test_a_layout_that_is_wrong_says_so(tmp_path):
    layout = tmp_path / "wrong.typ"
    layout.write_text("#nothing")
    with pytest.raises(documents.Unprintable, match="unknown variable"):
        documents.pdf(str(layout), {})


def test_a_layout_sees_no_file_outside_its_directory(tmp_path):
    layout = tmp_path / "inside" / "curious.typ"
    layout.parent.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    layout.write_text('#read("../secret.txt")')
    with pytest.raises(documents.Unprintable):
        documents.pdf(layout, {})


def test_a_qr_code_in_a_page_is_named_for_those_who_do_not_see_it():
    drawing = documents.qr_svg(ADDRESS, title='核验 "A"<b>', scale=3)
    assert drawing.startswith('<svg role="img" aria-label="核验 &quot;A&quot;&lt;b&gt;" ')
    assert "<?xml" not in drawing and "style=" not in drawing
    assert drawing.__html__() == drawing
    assert ElementTree.fromstring(drawing).get("width") == ElementTree.fromstring(drawing).get("height")


def test_a_qr_code_in_a_document_is_a_file_of_its_own():
    assert ElementTree.fromstring(documents.qr_svg_bytes(ADDRESS)).tag == "{http://www.w3.org/2000/svg}svg"


def test_a_layout_takes_either_form_of_the_qr_code():
    assert printed(FACTS | {"qr_svg": documents.qr_svg(ADDRESS)}) == printed(FACTS)
