"""A case as one zip: exactly its materials, documents and forms, under names that every system can write."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

import build
from build import moment
from xiaoneng.approval.actions import archive, drafts
from xiaoneng.jobs import time_machine
from xiaoneng.kit import files
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account
from xiaoneng.trail.models import Record

pytestmark = pytest.mark.django_db
DAY = moment("2026-03-03")
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
ODD = "CON?.现场:照片*<1>|“合影”." + "长" * 120 + ".png"


def of(walk) -> zipfile.ZipFile:
    with time_machine.at(DAY):
        kept, _ = archive.whole(walk.file, at=DAY)
        with kept:
            return zipfile.ZipFile(io.BytesIO(kept.read()))


@pytest.fixture
def walk():
    walk = build.application()
    walk.drafted(DAY)
    with time_machine.at(DAY):
        drafts.attach(
            walk.matter, by=walk.city.citizen.account, slot=drafts.OTHER, name=ODD, stream=build.picture(), at=DAY
        )
    return walk.received(DAY).accepted(DAY).reviewed(DAY).granted(DAY)


def test_it_holds_the_cases_materials_and_documents_and_nothing_else_each_as_it_is_kept(walk):
    archive_ = of(walk)
    given, issued = matters.attachments(walk.matter), matters.documents(walk.matter)
    folders = [name.split("/")[0] for name in archive_.namelist()]
    assert {name: folders.count(name) for name in ("表单", "材料", "文书")} == {
        "表单": 2, "材料": len(given), "文书": len(issued),
    }  # fmt: skip
    kept = sorted(each.sha256 for each in given)
    packed = {name: hashlib.sha256(archive_.read(name)).hexdigest() for name in archive_.namelist() if "/" in name}
    assert sorted(digest for name, digest in packed.items() if name.startswith("材料/")) == kept
    for n, document in enumerate(matters.documents(walk.matter), start=1):
        name = next(each for each in packed if each.startswith(f"文书/{n:02d}_{document.title}"))
        with files.open_kept(Path(settings.FILES_DIRECTORY), document.sha256) as stream:
            assert archive_.read(name) == stream.read() and archive_.read(name)[:5] == b"%PDF-"
    listed = archive_.read("目录.txt").decode()
    assert all(f"{digest}  {name}" in listed for name, digest in packed.items())


def test_every_name_can_be_written_on_windows(walk):
    parts = [part for name in of(walk).namelist() for part in name.split("/")]
    assert [part for part in parts if re.search(r'[<>:"\\|?*\x00-\x1f]', part) or part[-1] in ". "] == []
    assert [part for part in parts if RESERVED.match(part) or len(part.encode("utf-16-le")) > 2 * 255] == []
    assert len({name.lower() for name in of(walk).namelist()}) == len(of(walk).namelist())
    assert any(part.endswith(".png") and "长长" in part for part in parts)  # a long name keeps its ending


@pytest.mark.parametrize(
    "name", ["a" * 79 + " .b", "...", "a/b\\c", "\x01\x1f", "." * 200, "x" * 78 + ".." + "y" * 9, "附件．"]
)
def test_no_name_ends_in_a_dot_or_a_space_however_it_is_cut(name):
    safe = archive._safe(name)
    assert safe and safe[-1] not in ". " and len(safe) <= 80 and not re.search(r'[\\/:*?"<>|\x00-\x1f]', safe)


def test_who_may_not_see_the_case_gets_404_and_who_takes_it_is_on_record(walk):
    address = reverse("staff:whole", args=[walk.file.called])

    def take(actor):
        client = Client()
        client.force_login(Account.objects.get(pk=actor.account))
        return client.get(address)

    with time_machine.at(DAY):
        assert take(build.city().head).status_code == 404
        assert not Record.objects.filter(kind="export").exists()
        answer = take(walk.city.reviewer)
        assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
        noted = Record.objects.get(kind="export")
        assert walk.file.called in noted.about and noted.after["格式"] == "zip"
