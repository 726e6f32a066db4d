"""The year in which a page is read: a day of another one is written with its year."""

from __future__ import annotations

from contextvars import ContextVar, Token

from xiaoneng.kit import clock
from xiaoneng.rules.workdays import local_day

_read: ContextVar[list[int] | None] = ContextVar("year_of_the_page", default=None)


def begin() -> Token[list[int] | None]:
    """Let one page begin, in which the year is looked up once, when the first day is written."""
    return _read.set([])


def end(token: Token[list[int] | None]) -> None:
    """Let the page end."""
    _read.reset(token)


def current() -> int | None:
    """Return the year of the page; nothing where no page is being made, such as a paper that the worker prints."""
    found = _read.get()
    if found is None:
        return None
    if not found:
        found.append(local_day(clock.now()).year)
    return found[0]
