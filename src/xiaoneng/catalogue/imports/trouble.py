"""What an import could not use, and where."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

SHOWN = 80


class Unreadable(Exception):
    """The file as a whole cannot be used; the message says why and what to do next."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A field of a row (counted from 1 by the lines of the file) that could not be used, and what to do."""

    row: int
    field: str
    value: str
    message: str
    sheet: str = ""  # where the file has several that are one list

    def as_json(self) -> dict[str, Any]:
        """Return the problem as the command prints it; the sheet only where there are several."""
        plain = asdict(self)
        return plain if self.sheet else {name: value for name, value in plain.items() if name != "sheet"}


def shown(value: object) -> str:
    """Return a value short enough to be read, whatever its type: text as it is, everything else as JSON."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "…"
    # Half a surrogate pair cannot be printed or sent.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
