"""Small real files to hand in: a page of text as a scan (PDF) or as a photograph (PNG), the same bytes every time."""

from __future__ import annotations

import io
import time
from functools import cache, lru_cache

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

DOTS = 60  # per inch: readable on a screen, and a thousand of them are made in seconds
SIZE = (496, 702)  # A4
INK, FAINT, PAPER = 40, 150, 252
MADE = time.gmtime(0)  # a PDF names the moment it was made; one that differs would make another file of it
FICTION = "演示材料，内容均为虚构"
PHOTOGRAPHED = ("图", "证", "执照", "身份证明", "照片", "户口簿", "申请书", "申请表", "登记表")


def page(title: str, applicant: str, item: str = "", content: str = "") -> tuple[str, io.BytesIO]:
    """Return a material as a file: its name and its bytes."""
    kind = "png" if title.endswith(PHOTOGRAPHED) else "pdf"
    return f"{title}.{kind}", io.BytesIO(_bytes(kind, title, applicant, item, content))


@lru_cache(maxsize=256)
def _bytes(kind: str, title: str, applicant: str, item: str, content: str) -> bytes:
    drawn, stream = _draw(title, applicant, item, content), io.BytesIO()
    if kind == "png":
        drawn.save(stream, "PNG", compress_level=1)
    else:
        drawn.save(stream, "PDF", resolution=DOTS, creationDate=MADE, modDate=MADE)
    return stream.getvalue()


def _draw(title: str, applicant: str, item: str, content: str) -> Image.Image:
    sheet = _form(title).copy()
    pen = ImageDraw.Draw(sheet)
    lines = [f"申请人：{applicant}", *([f"事项：{item}", ""] if item else []), *_folded(content)]
    for number, line in enumerate(lines):
        pen.text((64, 128 + 27 * number), line, fill=INK, font=_font(15))
    return sheet


@lru_cache(maxsize=512)
def _form(title: str) -> Image.Image:
    sheet = Image.new("L", SIZE, PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((SIZE[0] / 2, 72), title, fill=INK, font=_font(22 if len(title) < 18 else 16), anchor="mm")
    pen.line((56, 100, SIZE[0] - 56, 100), fill=FAINT)
    pen.text((SIZE[0] / 2, SIZE[1] - 48), FICTION, fill=FAINT, font=_font(12), anchor="mm")
    return sheet


def _folded(text: str, width: int = 24) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)
