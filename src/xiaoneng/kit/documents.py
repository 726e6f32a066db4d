"""Printed documents: a layout and the facts go in, the same bytes of PDF come out every time."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import segno
import typst
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

STANDARD: Final = "a-2b"  # PDF/A for the archive
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class Unprintable(Exception):
    """The layout cannot be made into a document with these facts."""


def pdf(template: str | Path, data: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """Return the facts set by the layout, as PDF/A-2b; the same facts and moment give the same bytes.

    The layout reads the facts as sys.inputs.data (JSON); texts are printed as they are, never read as markup. It sees
    no file outside its own directory and no font but ours. A character that our fonts do not hold, as in a rare name,
    is printed as 〔U+20BB7〕: a notice must neither fail nor show an empty box. Several threads may print at once.

    :raises Unprintable: when the layout itself is at fault
    """
    text = json.dumps(_printable(data), ensure_ascii=False)
    for _ in range(200):  # each round names one more missing character
        try:
            return _compile(Path(template), text, at or EPOCH)
        except typst.TypstError as error:
            missing = _MISSING.search(error.message)
            if not missing:
                raise Unprintable(f"{error.message} {' '.join(error.hints)}".strip()) from error
            text = _named(text, missing[1])
    raise Unprintable("too many characters that no font holds")


def _compile(template: Path, text: str, at: datetime) -> bytes:
    document: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": text},
        pdf_standards=[STANDARD],
        timestamp=at.replace(microsecond=0),
    )
    return document


@cache
def _fonts() -> typst.Fonts:
    directory = pylopdf_fonts_zh_cn.serif_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(directory)])


def _printable(value: Any) -> Any:
    """Return the facts without characters that print nothing and would only break the line."""
    if isinstance(value, str):
        composed = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\t", " ")
        return "".join(c for c in composed if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    if isinstance(value, Mapping):
        return {key: _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value


def _named(text: str, missing: str) -> str:
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), missing)
    for character in plain:
        text = text.replace(character, f"〔U+{ord(character):04X}〕")
    return text


def qr_svg(text: str, *, title: str = "二维码", scale: int = 4) -> SafeString:
    """Return a QR code as an SVG element to stand in a page, named for those who do not see it."""
    drawing = segno.make(text, error="m", micro=False).svg_inline(scale=scale, border=2, light="#fff")
    label = escape(title)
    return mark_safe(drawing.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))


def qr_svg_bytes(text: str) -> bytes:
    """Return a QR code as an SVG file of its own, as a layout takes it (decoded, as the fact qr_svg)."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue()
