"""What people say, and what the same is called in the items' names: the first rows of the table of synonyms.

The rows are only where a city starts; from then on its own table counts. Written by hand from the everyday speech of
service halls; several official words for one everyday word are several rows.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _rows(said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((word, official) for word, words in said.items() for official in words.split() if official != word)


EARLIER_ROWS = _rows(_TABLES["first"])
LATER_ROWS = _rows(_TABLES["asked"])
SPOKEN_ROWS = _rows(_TABLES["spoken"])
ASTRAY_ROWS = _rows(_TABLES["astray"])
FIRST_ROWS = tuple(
    dict.fromkeys(row for row in (*EARLIER_ROWS, *LATER_ROWS, *SPOKEN_ROWS) if row not in set(ASTRAY_ROWS))
)
