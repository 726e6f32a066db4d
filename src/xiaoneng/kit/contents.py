"""What lies inside an uploaded file: is it whole, is it only what it claims to be, and does it keep still when opened.

Files are recognised by their content, never by their name. Each look inside has a bound on bytes, pixels or parts, so
that a small hostile file cannot make a large effort.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import BinaryIO

from PIL import Image

MAX_PIXELS = 50_000_000
MAX_PARTS = 20_000  # chunks or segments of a picture; streams of a PDF: five times as many
MAX_OBJECTS = 32 * 1024 * 1024  # bytes of a PDF's unpacked object streams together
CHUNK = 64 * 1024

# Above this Pillow warns, above twice this it refuses by itself; inspect_image refuses from here on.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

ACCEPTED = "PDF、JPG、PNG、DOCX、XLSX、OFD"
POLYGLOT = "文件里夹带了另一种格式的内容，请用原软件重新导出，或打印成 PDF 后再上传。"
BROKEN_PDF = "PDF 文件不完整，可能没有下载完或已损坏，请重新生成后再上传。"
LOCKED_PDF = "PDF 设置了密码或权限限制，请取消限制，或用“打印为 PDF”另存一份后再上传。"
ACTIVE_PDF = "PDF 里带有脚本、自动运行的程序或附件，请用“打印为 PDF”另存一份后再上传。"
BROKEN_IMAGE = "图片不完整或已损坏，请重新拍照或重新保存后再上传。"
LARGE_IMAGE = "图片超过 5000 万像素，请缩小尺寸后再上传。"
ARCHIVE = "不接受压缩包，请解压后逐个上传里面的文件。"


class Refused(Exception):
    """The file is not taken; the message says what to do next."""


# --- which kind -------------------------------------------------------------------------------------------------------
_OTHER_IMAGE = "不接受这种图片格式，请另存为 JPG 或 PNG 后再上传。"
_HEIC = "不接受 HEIC 照片；请在手机的相机设置里把格式改为“兼容性最佳（JPG）”后重拍，或把照片另存为 JPG 后再上传。"
_OLD_OFFICE = (
    "这是旧版 Office 文档（.doc、.xls、.ppt）或设了密码的文档；请用 WPS 或 Office 打开，取消密码，"
    "另存为 .docx、.xlsx 或 PDF 后再上传。"
)
_PROGRAM = f"这是程序，不是材料，不能上传；请上传 {ACCEPTED} 格式的文件。"
_WEB_PAGE = "不接受网页和 SVG 矢量图，请打印成 PDF 后再上传。"
_ADVICE: tuple[tuple[bytes, str], ...] = (
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (rb"....ftyp(heic|heix|heim|heis|hevc|mif1|msf1|avif)", _HEIC),
    (rb"RIFF....WEBP|GIF8[79]a|BM....\0\0\0\0|II\*\0|MM\0\*", _OTHER_IMAGE),
    (rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]", _PROGRAM),
    (rb"PK\x05\x06|PK\x07\x08|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b|BZh|\xfd7zXZ", ARCHIVE),
)
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe)[\s>/]", re.IGNORECASE)


def kind_of(head: bytes) -> str:
    """Return pdf, jpeg, png or package (a document that is a ZIP inside) for a file's first kilobyte.

    :raises Refused: when the file is none of these, or begins like two of them at once
    """
    kind = _kind(head)
    if not kind:
        for pattern, advice in _ADVICE:
            if re.match(pattern, head, re.DOTALL):
                raise Refused(advice)
        if _MARKUP.search(head):
            raise Refused(_WEB_PAGE)
        raise Refused(f"认不出这种文件；请上传 {ACCEPTED} 格式的文件。")
    # A reader of PDF takes a header anywhere in the first kilobyte, an old browser takes markup there for a page.
    if (kind != "pdf" and b"%PDF-" in head) or (kind != "package" and _MARKUP.search(head)):
        raise Refused(POLYGLOT)
    return kind


def _kind(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"PK\x03\x04"):
        return "package"
    return "pdf" if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x00\t\n\f\r ").startswith(b"%PDF-") else ""


def hides_an_archive(stream: BinaryIO, size: int) -> bool:
    """Tell whether the file ends as a ZIP archive does, so that another program would open it as one."""
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        record = tail[at:]
        if len(record) >= 22 and int.from_bytes(record[20:22], "little") <= len(record) - 22 <= 65_535:
            return _points_into_the_file(record, size)
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def _points_into_the_file(record: bytes, size: int) -> bool:
    # Four chance bytes in a long picture must not count: the record's own figures have to fit the file as well.
    entries, length, start = struct.unpack("<HII", record[10:20])
    return bool(entries) and entries * 46 <= length and start + length <= size


# --- PDF --------------------------------------------------------------------------------------------------------------
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData)(?=[\s()<>\[\]{}/%\x00]|$)")
_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def inspect_pdf(stream: BinaryIO) -> None:
    """Refuse a PDF that is cut off, locked, or does something when it is opened.

    This is a search for names, not a reading of the document's structure: names in plain objects and in object streams
    packed with Flate are seen, also when written with #-escapes. What a reader would only put together while it runs
    is not seen.

    :raises Refused: with what to do next
    """
    stream.seek(0)
    data = stream.read()
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data or not re.search(rb"\d\s+\d+\s+obj\b", data):
        raise Refused(BROKEN_PDF)
    plain = _unescaped(data)
    if _LOCKED.search(plain):
        raise Refused(LOCKED_PDF)
    if _ACTIVE.search(plain) or _ACTIVE.search(_object_streams(data)):
        raise Refused(ACTIVE_PDF)


def _unescaped(data: bytes) -> bytes:
    plain, escapes = _ESCAPE.subn(lambda match: bytes([int(match[1], 16)]), data, count=10 * MAX_PARTS)
    if escapes == 10 * MAX_PARTS:
        raise Refused(ACTIVE_PDF)
    return plain


def _object_streams(data: bytes) -> bytes:
    unpacked = bytearray()
    if data.count(b"stream") > 10 * MAX_PARTS:
        raise Refused(BROKEN_PDF)
    for begin in _STREAM.finditer(data):
        dictionary = _unescaped(data[max(0, begin.start() - 1024) : begin.start()].rpartition(b"obj")[2])
        if b"/ObjStm" not in dictionary or b"/Filter" not in dictionary:
            continue
        inflate = zlib.decompressobj()
        packed = data[begin.end() : data.find(b"endstream", begin.end())]
        try:
            unpacked += inflate.decompress(packed, MAX_OBJECTS - len(unpacked))
        except zlib.error as error:  # another packing, which no ordinary program uses here: it could hide anything
            raise Refused(ACTIVE_PDF) from error
        if not inflate.eof or len(unpacked) >= MAX_OBJECTS:
            raise Refused(ACTIVE_PDF)
    return _unescaped(bytes(unpacked))


# --- pictures ---------------------------------------------------------------------------------------------------------
def inspect_image(stream: BinaryIO, kind: str) -> None:
    """Refuse a picture that is too large to be shown or is cut off.

    :raises Refused: with what to do next
    """
    if _parts(stream, kind) > MAX_PARTS:
        raise Refused(BROKEN_IMAGE)
    stream.seek(0)
    try:
        with Image.open(stream, formats=[kind.upper()]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused(LARGE_IMAGE)
            if kind == "png":
                image.verify()  # walks all chunks and their check sums without unpacking a pixel
            elif "progressive" in image.info:
                _find_the_end(stream)
            else:
                image.draft("L", (1, 1))  # unpacks at an eighth of the size: enough to find a cut, little memory
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(LARGE_IMAGE) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, zlib.error) as error:
        raise Refused(BROKEN_IMAGE) from error


def _parts(stream: BinaryIO, kind: str) -> int:
    """Return how many chunks a PNG has, or segments a JPEG before its pixels; no more are counted than are allowed."""
    at, begin, more = (8, 0, 12) if kind == "png" else (2, 2, 2)  # where the length stands, what it leaves out
    for count in range(MAX_PARTS + 1):
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8 or b"IEND" in head or head.startswith(b"\xff\xda"):
            return count
        at += int.from_bytes(head[begin:4], "big") + more
    return MAX_PARTS + 1


def _find_the_end(stream: BinaryIO) -> None:
    # Unpacking a progressive picture takes six bytes a pixel; its end mark cannot occur inside a scan, so it is enough.
    stream.seek(0)
    data = stream.read()
    if b"\xff\xd9" not in data[data.rfind(b"\xff\xda") :]:
        raise Refused(BROKEN_IMAGE)
