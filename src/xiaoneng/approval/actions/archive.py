"""A whole case as one file: every material, every document, the forms, and a list of contents with their hashes."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings

from xiaoneng.approval import case_forms, certificates, fees, reads
from xiaoneng.approval.actions import printing
from xiaoneng.kit import files
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile

_IN_MEMORY = 8 * 1024 * 1024
_UNSAFE = str.maketrans(dict.fromkeys(["\x7f", *'\\/:*?"<>|', *map(chr, range(32))], "_"))
_LONGEST = 80


def whole(file: MatterFile, *, at: datetime) -> tuple[BinaryIO, int]:
    """Return a case as a zip and how many files lie in it; the caller closes it, and it is gone."""
    kept = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the caller closes it
    listed: list[str] = []
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, stream in _contents(file, at):
            with stream:
                listed.append(f"{_put(archive, place, stream)}  {place}")
        archive.writestr("目录.txt", _head(file) + "\n".join(listed) + "\n")
    kept.seek(0)
    return kept, len(listed)


def _put(archive: zipfile.ZipFile, place: str, stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    with archive.open(place, "w", force_zip64=True) as out:
        while piece := stream.read(1 << 20):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _head(file: MatterFile) -> str:
    return (
        f"办件 {file.called}　{file.title}\n{file.department_name}\n\n每行：文件内容的 SHA-256 和它在本包里的位置。\n\n"
    )


def _contents(file: MatterFile, at: datetime) -> Iterator[tuple[str, BinaryIO]]:
    yield "表单/申请书.pdf", io.BytesIO(case_forms.application_form(file))
    yield "表单/审批表.pdf", io.BytesIO(case_forms.review_form(file))
    names = {material.slot: material.name for material in reads.filed_under(file).materials}
    for n, each in enumerate(matters.attachments(file.id), start=1):
        place = f"材料/{n:02d}_{_safe(names.get(each.slot, '其他材料'))}_{_safe(each.name)}"
        yield place, files.open_kept(Path(settings.FILES_DIRECTORY), each.sha256)
    for matter, folder in _matters(file):
        for n, document in enumerate(matters.documents(matter), start=1):
            place = f"{folder}/{n:02d}_{_safe(document.title)}_{_safe(document.number)}.pdf"
            sha256 = printing.print_document(document, at=at)
            yield place, files.open_kept(Path(settings.FILES_DIRECTORY), sha256)


def _matters(file: MatterFile) -> Iterator[tuple[int, str]]:
    yield file.id, "文书"
    for charge in fees.of_case(file.id):
        yield charge.id, f"收费/{charge.id}"
    certificate = certificates.of_case(file.id)
    if certificate is not None:
        yield certificate.id, "证照"


def _safe(name: str) -> str:
    """Return a name that every system can write: no character that Windows refuses, no dot or space at its end."""
    plain = name.translate(_UNSAFE).strip(". ")
    end = Path(plain).suffix if len(plain) > _LONGEST else ""
    return (plain[: _LONGEST - len(end)].rstrip(". ") + end if len(end) < 10 else plain[:_LONGEST].rstrip(". ")) or "_"
