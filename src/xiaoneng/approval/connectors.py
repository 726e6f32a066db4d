"""What is held already: what a source of facts must be able to do, and the two built in.

Another department's service becomes a further source by the same two questions; nothing else knows where a fact lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import QuerySet

from xiaoneng.approval import certificates
from xiaoneng.approval.models import Application
from xiaoneng.approval.reads import ARCHIVE
from xiaoneng.catalogue.models import Material
from xiaoneng.matters.models import Attachment
from xiaoneng.rules.facts import Wanted, is_fresh, is_reusable, same_paper, satisfies
from xiaoneng.rules.workdays import local_day

REGISTER = "register"
VERIFIED = ("granted", "delivered")  # what was accepted and granted was looked at; what was refused proves nothing


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose facts are asked for: the mark of the identity number, and the account that applies."""

    mark: str
    account: int
    known: bool  # that who files is this applicant, or acts for her: the number alone opens no register


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that may stand for a material: where it lies, what it is, who vouches for it."""

    slot: str
    source: str
    reference: str
    label: str
    issuer: str
    until: date | None = None


class Connector(Protocol):
    """A source of facts that the government holds already."""

    source: str
    label: str

    def find(self, whose: Whose, wanted: Sequence[Wanted], on: date) -> tuple[Found, ...]:
        """Return the facts that may stand for these materials on a day."""
        ...

    def still_holds(self, reference: str, on: date) -> bool:
        """Tell whether a fact that was found earlier holds on a day."""
        ...


class OwnRegister:
    """The register of certificates that this platform has issued, of every department."""

    source, label = REGISTER, "证照库"

    def find(self, whose: Whose, wanted: Sequence[Wanted], on: date) -> tuple[Found, ...]:
        """Return the valid certificates of the applicant that stand for these materials."""
        held = [each for each in certificates.of_holder(whose.mark) if each.is_good(on)] if whose.known else []
        found = {}
        for want in wanted:
            fitting = next((each for each in held if satisfies(each.title, want)), None)
            if fitting is not None:
                label = f"{fitting.title} {fitting.number}"
                found[want.slot] = Found(
                    want.slot, REGISTER, fitting.code, label, fitting.department, fitting.valid_until
                )
        return tuple(found.values())

    def still_holds(self, reference: str, on: date) -> bool:
        """Tell whether the certificate of a code is valid on a day."""
        return certificates.by_code(reference).is_good(on)


class Archive:
    """The applicant's own papers: what was handed in with an application that was granted within a year."""

    source, label = ARCHIVE, "个人档案"

    def find(self, whose: Whose, wanted: Sequence[Wanted], on: date) -> tuple[Found, ...]:
        """Return the newest verified paper for each of these materials."""
        wanted = [each for each in wanted if is_reusable(each.name)]
        if not whose.mark or not wanted:
            return ()
        found: dict[str, Found] = {}
        for paper, name in _papers(_own(whose)):
            for want in wanted:
                if want.slot not in found and same_paper(name, want) and self._young(paper, on):
                    day = local_day(paper.uploaded_at)
                    label = f"{paper.name}（{day:%Y-%m-%d} 随“{paper.matter.title}”提交）"
                    found[want.slot] = Found(want.slot, ARCHIVE, str(paper.pk), label, paper.matter.department.name)
        return tuple(found.values())

    def still_holds(self, reference: str, on: date) -> bool:
        """Tell whether a paper is there and young enough."""
        paper = Attachment.objects.filter(pk=int(reference)).first() if reference.isdecimal() else None
        return paper is not None and self._young(paper, on)

    @staticmethod
    def _young(paper: Attachment, on: date) -> bool:
        return is_fresh(local_day(paper.uploaded_at), on)


def _own(whose: Whose) -> QuerySet[Application]:
    return Application.objects.filter(
        identity_mark=whose.mark, filed_by=whose.account, channel=Application.Channel.ONLINE,
        matter__state__in=VERIFIED,
    )  # fmt: skip


def _papers(applications: QuerySet[Application]) -> list[tuple[Attachment, str]]:
    """Return the papers of applications with the names of the materials that they were handed in for, newest first."""
    # Asked for in two steps: as one question the database may go through every paper of the city instead.
    matters = list(applications.order_by("-matter_id").values_list("matter_id", flat=True)[:200])
    rows = list(
        Attachment.objects.filter(matter_id__in=matters).select_related("matter__department").order_by("-id")[:200]
    )
    versions = {row.matter.item_version_id for row in rows}
    listed: Any = Material.objects.filter(version_id__in=versions).values_list("version_id", "position", "name")
    names = {(version, str(position)): name for version, position, name in listed}
    return [(row, names.get((row.matter.item_version_id, row.slot), "")) for row in rows]


CONNECTORS: tuple[Connector, ...] = (OwnRegister(), Archive())


def connector(source: str) -> Connector | None:
    """Return a source by its name."""
    return next((each for each in CONNECTORS if each.source == source), None)
