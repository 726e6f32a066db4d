"""Who may sign a case now: in which role, and whether she has signed another part of it."""

from __future__ import annotations

from collections.abc import Iterable

from xiaoneng.approval import promises
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import preferences
from xiaoneng.rules import signing
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.roles import Role


def who_decides(file: MatterFile) -> tuple[Role, ...]:
    """Return the roles that may decide a case."""
    last = next((each.role for each in reversed(file.plan.steps) if each.kind == "decide"), None)
    here = promises.at_window(file.plan) or promises.by_commitment(file)
    return signing.who_decides(last, at_window=here)


def who_reviews(file: MatterFile) -> tuple[Role, ...]:
    """Return the roles that may sign the step at which a case stands."""
    step = file.plan.step_at(file.step)
    return signing.who_reviews(step.role if step and step.kind == "review" else None)


def obstacles_to_review(file: MatterFile, account: int) -> tuple[Obstacle, ...]:
    """Return what keeps somebody from signing this step: her signature under another one that still stands."""
    if account not in file.actors.get("review", ()):
        return ()
    if not _once(file):
        return ()
    return signing.to_review(signed=_signed_another(file, account))


def _once(file: MatterFile) -> bool:
    found = matters.as_json(file.extra.get("sign_once"))
    return (
        found
        if isinstance(found, bool)
        else bool(preferences.default_of(preferences.PREFERENCES["sign_once"], found or "", {}))
    )


def _signed_another(file: MatterFile, account: int) -> bool:
    lines = [line for line in reversed(matters.journal(file.id)) if line.move in ("review", "send_back")]
    return any(line.actor == account and line.facts["what"]["reviewed"] != file.step_name for line in _standing(lines))


def _standing(lines: Iterable[matters.EntryLine]) -> list[matters.EntryLine]:
    """Return the reviews that no giving back has undone."""
    standing: list[tuple[str, matters.EntryLine]] = []
    for line in lines:
        if line.move == "review":
            standing.append((line.facts["what"]["reviewed"], line))
            continue
        names = [name for name, _ in standing]
        back = line.facts["step_name"]
        standing = standing[: names.index(back)] if back in names else standing
    return [line for _, line in standing]


def obstacles_to_decision(file: MatterFile, account: int) -> tuple[Obstacle, ...]:
    """Return what keeps somebody from signing the decision of a case."""
    least = matters.as_json(file.extra.get("least_signers")) or signing.SIGNERS
    here = promises.at_window(file.plan) or promises.by_commitment(file)
    accepted, reviewed = file.actors.get("accept", ()), file.actors.get("review", ())
    if jointly := file.extra.get("accepted_jointly_by"):  # the lead's window accepted for every branch
        accepted = (*accepted, jointly)
    return signing.to_decision(account, accepted, reviewed, at_window=here, least=int(least))
