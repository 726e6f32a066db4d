"""Verbs of the catalogue: the kinds of powers, by what versions are found, and which words stand for which."""

from __future__ import annotations

from collections.abc import Collection

from xiaoneng.catalogue import models
from xiaoneng.catalogue.search.keys import COLUMNS, normalised, sought
from xiaoneng.kit import asking
from xiaoneng.rules.grounds import NotAllowed

SYNONYM = 30  # characters of a word in the table of synonyms

# Kinds 行政处罚, 行政强制, 行政征收 and 行政检查 are exercised ex officio: nobody can apply for them.
KINDS = (
    ("administrative_licence", "行政许可", True),
    ("administrative_penalty", "行政处罚", False),
    ("administrative_compulsion", "行政强制", False),
    ("administrative_levy", "行政征收", False),
    ("administrative_payment", "行政给付", True),
    ("administrative_inspection", "行政检查", False),
    ("administrative_confirmation", "行政确认", True),
    ("administrative_reward", "行政奖励", True),
    ("administrative_adjudication", "行政裁决", True),
    ("record_filing", "行政备案", True),
    ("other_power", "其他行政权力", True),
    ("public_service", "公共服务", True),
)


def ensure_kinds() -> dict[str, str]:
    """Create the kinds of powers that are missing and return the codes of all kinds by name."""
    rows = [models.PowerKind(code=code, name=name, on_application=asked) for code, name, asked in KINDS]
    models.PowerKind.objects.bulk_create(rows, ignore_conflicts=True)
    return dict(models.PowerKind.objects.values_list("name", "code"))


def index_versions(versions: Collection[int]) -> None:
    """Write anew by what versions are found; belongs into the transaction that brings them in or renames a department."""
    chosen = models.ItemVersion.objects.filter(id__in=versions)
    rows = [models.Sought(**sought(*row)) for row in chosen.values_list(*COLUMNS)]
    columns = ["in_force", "name", "rest", "said", "initials", "headings"]
    models.Sought.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["version"], update_fields=columns
    )
    asking.only("SELECT settle_item_keys()", [])


def index_department(department: int) -> None:
    """Write anew by what the items of a department are found, after its name or region has changed."""
    versions = models.ItemVersion.objects.filter(item__department_id=department)
    index_versions(list(versions.values_list("id", flat=True)))


def index_region(region: int) -> None:
    """Write anew by what the items of a region are found, after its code and with it its level has changed."""
    versions = models.ItemVersion.objects.filter(item__department__region_id=region)
    index_versions(list(versions.values_list("id", flat=True)))


def put_synonym(word: str, official: str) -> None:
    """Let an everyday word stand for an official one in searches; twice the same is once.

    :raises NotAllowed: a word is missing or too long, or both are the same.
    """
    word, official = normalised(word), normalised(official)
    if not word or not official or word == official:
        raise NotAllowed("请填写两个不同的词：左边是群众平常的说法，右边是事项名称里的说法。")
    if max(len(word), len(official)) > SYNONYM:
        raise NotAllowed(f"每个词最多 {SYNONYM} 个字，请写短一些。")
    models.Synonym.objects.get_or_create(word=word, official=official)


def drop_synonym(synonym: int) -> None:
    """Take a row out of the table of synonyms; one that is gone already is no trouble."""
    models.Synonym.objects.filter(pk=synonym).delete()
