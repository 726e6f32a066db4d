"""Files good, odd and hostile, made where they are needed."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def pdf(catalogue: str = "", trailer: str = "", extra: bytes = b"") -> bytes:
    """Return a small PDF of one empty page, with additions to its catalogue and trailer and further objects."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    body, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
    body += extra
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n<< /Size 4 /Root 1 0 R {trailer} >>\n"
    return body + end.encode() + f"startxref\n{len(body)}\n%%EOF\n".encode()


def object_stream(text: bytes, dictionary: bytes = b"/Type /ObjStm /Filter /FlateDecode", pack=zlib.compress) -> bytes:
    packed = pack(text)
    return b"9 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (dictionary, len(packed), packed)


def jpeg(size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    return _image("JPEG", size, **options)


def png(size: tuple[int, int] = (64, 48)) -> bytes:
    return _image("PNG", size)


def other_image(form: str) -> bytes:
    return _image(form, (32, 32))


def png_claiming(width: int, height: int) -> bytes:
    """Return a small PNG whose header claims a picture of any size."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    whole = png()
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 * 2**20)))
    return whole[:33] + bomb + whole[33:]


def package(entries: dict[str, bytes] | list[tuple[str, bytes]], stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items() if isinstance(entries, dict) else entries:
            archive.writestr(name, text)
    return out.getvalue()


def docx(more: dict[str, bytes] | None = None, main: str = WORD, part: str = "word/document.xml") -> bytes:
    return package(office(main, part) | (more or {}))


def xlsx(more: dict[str, bytes] | None = None) -> bytes:
    return docx(more, SHEET, "xl/workbook.xml")


def ofd(more: dict[str, bytes] | None = None) -> bytes:
    return package({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"} | (more or {}))


def office(main: str, part: str) -> dict[str, bytes]:
    types = f'<Types><Override PartName="/{part}" ContentType="{main}"/></Types>'
    return {"[Content_Types].xml": types.encode(), "_rels/.rels": b"<Relationships/>", part: b"<w:document/>"}


def noise(length: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(length)


def _image(form: str, size: tuple[int, int], **options: object) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", size, noise(size[0] * size[1] * 3)).save(out, form, **options)
    return out.getvalue()


def chunk(name: bytes, text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + name + text + struct.pack(">I", zlib.crc32(name + text))
