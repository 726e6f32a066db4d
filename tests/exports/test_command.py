"""The command: puts a whole export at its place, never over something, and says how to verify it."""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tampering import Proof

from xiaoneng.jobs.commands import export
from xiaoneng.jobs.exports import verify
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.trail.models import Record


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    return export.execute(parser.parse_args(arguments))


@pytest.mark.parametrize("kind", export.KINDS)
def test_an_export_is_written_whole_and_noted(kind, city, tmp_path, capsys):
    noted = Record.objects.count()
    assert run(kind, str(tmp_path / "out"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert all(count > 0 for count in told["counts"].values())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert Record.objects.count() == noted + 1


def test_nothing_is_overwritten(city, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(CannotRun, match="换一个"):
        run("xes", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_verifier_shipped_with_a_proof_runs_alone(clean):
    alone = [sys.executable, "-I", "-S", str(clean / "verify.py")]
    done = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (done.returncode, "没有发现" in done.stdout) == (0, True)


def test_without_any_way_to_check_signatures_it_says_so(clean):
    alone = [sys.executable, "-I", "-S", str(clean / "verify.py")]
    done = subprocess.run(alone, capture_output=True, text=True, check=False, env={"PATH": ""})
    assert (done.returncode, "签名没有核对" in done.stdout) == (0, True)


def test_the_verifier_is_short_and_shares_nothing_with_the_platform():
    text = Path(verify.__file__).read_text()
    assert len(text.splitlines()) <= 300
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= set(sys.stdlib_module_names) | {"cryptography"}


def test_a_proof_holds_nobodys_name_or_identity_number(clean):
    for path in clean.iterdir():
        for secret in ("11010519491231002X", "13812342607"):
            assert secret not in path.read_text(), path.name


def test_every_light_of_the_proof_is_the_light_of_the_platform(clean, city):
    from xiaoneng.matters import reads

    proof = Proof(clean)
    for name, matter in city.items():
        file = reads.file(matter)
        now = proof.manifest["as_of"]
        at = datetime.fromtimestamp(now / 1_000_000, tz=UTC)
        assert proof.row(matter)["light"] == ("closed" if file.closed else file.light(at).value), name
