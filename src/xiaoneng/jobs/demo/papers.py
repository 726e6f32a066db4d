"""Small real files to hand in: a page of text as a scan (PDF) or as a photograph (PNG), the same bytes every time."""

from __future__ import annotations

import io
import time
from functools import cache

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

SIZE = (620, 877)  # A4 at 75 dots per inch
INK, FAINT, PAPER = 40, 150, 252
MADE = time.gmtime(0)  # a PDF names the moment it was made; one that differs would make another file of it
FICTION = "演示材料，内容均为虚构"


def page(title: str, applicant: str, item: str, content: str) -> tuple[str, io.BytesIO]:
    """Return a material as a file: its name and its bytes."""
    drawn = _draw(title, applicant, item, content)
    stream = io.BytesIO()
    photographed = title.endswith(("图", "证", "执照", "身份证明"))
    if photographed:
        drawn.save(stream, "PNG")
    else:
        drawn.save(stream, "PDF", resolution=75, creationDate=MADE, modDate=MADE)
    stream.seek(0)
    return f"{title}.{'png' if photographed else 'pdf'}", stream


def _draw(title: str, applicant: str, item: str, content: str) -> Image.Image:
    sheet = Image.new("L", SIZE, PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((SIZE[0] / 2, 90), title, fill=INK, font=_font(28), anchor="mm")
    pen.line((70, 125, SIZE[0] - 70, 125), fill=FAINT)
    lines = [f"申请人：{applicant}", f"事项：{item}", "", *_folded(content)]
    for number, line in enumerate(lines):
        pen.text((80, 160 + 34 * number), line, fill=INK, font=_font(18))
    pen.text((SIZE[0] / 2, SIZE[1] - 60), FICTION, fill=FAINT, font=_font(15), anchor="mm")
    return sheet


def _folded(text: str, width: int = 25) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)
