"""The keys that lead to an item: Chinese is searched by its characters, by pairs and by threes of neighbouring ones.

A word of up to three characters is a key, a longer one as many keys as it has threes; what has them all is then looked at
whether it has the word. Marks of the private use area, which no text carries, tell apart where a key was found. The keys of an
item are made by the database (sql/sought.sql), those of a query here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from xiaoneng.catalogue.initials import BREAK, LETTERS, of_item
from xiaoneng.catalogue.text import one_line

LONGEST = 50  # characters of a query that are looked at
LONG = 3  # characters of a key
IN_NAME, IN_INITIALS, HEADING = "\ue010", "\ue011", "\ue012"
TELLS_NOTHING = "其他"  # a theme that stands with every second item
PERSON = frozenset({"自然人"})
INSTANT_DAYS = 0
SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
# What sought() is made from, as the ORM names it.
COLUMNS = (
    "id", "in_force", "name", "aliases", "themes", "audience", "online", "promised_n", "statutory_n", "kind__name",
    "kind__on_application", "item__department_id",
    "item__department__name", "item__department__region__level",
)  # fmt: skip


def normalised(text: str) -> str:
    """Return a query as items are compared: plain forms, small letters, nothing invisible, not too long."""
    return normalised_text(text[: 4 * LONGEST])[:LONGEST].strip()


def normalised_text(text: str) -> str:
    """Return a text as it is compared: compatibility forms made plain, Latin letters small, white space single."""
    return one_line(unicodedata.normalize("NFKC", text).translate(SMALL))


def sought(
    version: int, in_force: Any, name: str, aliases: Sequence[str], themes: Sequence[str], audience: Sequence[str],
    online: bool, promised_n: int | None, statutory_n: int | None, kind: str, on_application: bool, department: int,
    department_name: str, level: int,
) -> dict[str, Any]:  # fmt: skip
    """Return the columns of the row by which a version is found."""
    plain = normalised_text(name)
    said = [normalised_text(alias) for alias in aliases]
    around = [normalised_text(theme) for theme in themes if theme != TELLS_NOTHING] + [normalised_text(department_name)]
    letters = of_item(plain, said)
    headings = [
        *(heading("theme", theme) for theme in themes),
        *(heading("audience", who) for who in audience),
        *(heading("who", each) for each in sorted({_who(who) for who in audience})),
        heading("department", department),
        heading("kind", kind),
        heading("level", level),
        *([heading("online", 1)] if online else []),
        *([heading("instant", 1)] if promised_n == INSTANT_DAYS else []),
        *([heading("open", 1)] if on_application and (promised_n, statutory_n) != (None, None) else []),
    ]
    return {
        "version_id": version,
        "in_force": in_force,
        "name": plain,
        "rest": BREAK.join([*said, *around]),
        "said": len(BREAK.join(said)),
        "initials": letters,
        "headings": headings,
    }


def _who(audience: str) -> str:
    return "person" if audience in PERSON else "enterprise"


def heading(name: str, value: object) -> str:
    """Return the key of everything that stands under a heading."""
    return f"{HEADING}{name}:{value}"


def of_words(words: Iterable[str], mark: str = "") -> list[str]:
    """Return the keys that whatever has all the words must have."""
    return [mark + piece for word in words for piece in _pieces(word)]


def of_initials(letters: str) -> list[str]:
    """Return the keys of a row of initials."""
    return of_words([letters], IN_INITIALS)


def are_initials(word: str) -> bool:
    """Tell whether a word can be the initials of a name."""
    return len(word) > 1 and set(word) <= LETTERS


def _pieces(word: str) -> list[str]:
    return [word[at : at + LONG] for at in range(max(1, len(word) - LONG + 1))]
