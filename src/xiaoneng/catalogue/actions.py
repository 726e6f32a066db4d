"""Verbs of the catalogue: the kinds of powers, and the words by which a version is found."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Func, TextField, Value

from xiaoneng.catalogue import models

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

_INDEX = """
    UPDATE catalogue_itemversion v SET search = item_words(v.name, v.aliases, v.themes, d.name)
    FROM catalogue_item i JOIN org_department d ON d.id = i.department_id
    WHERE i.id = v.item_id AND v.id = ANY(%s)"""
_TEXTS = ArrayField(TextField())


def ensure_kinds() -> dict[str, str]:
    """Create the kinds of powers that are missing and return the codes of all kinds by name."""
    rows = [models.PowerKind(code=code, name=name, on_application=asked) for code, name, asked in KINDS]
    models.PowerKind.objects.bulk_create(rows, ignore_conflicts=True)
    return dict(models.PowerKind.objects.values_list("name", "code"))


def words(name: str, aliases: Collection[str], themes: Collection[str], department: str) -> Func:
    """Return the search words of a version as an expression for its insert, so that it is never half findable."""
    return Func(
        Value(name),
        Value(list(aliases), output_field=_TEXTS),
        Value(list(themes), output_field=_TEXTS),
        Value(department),
        function="item_words",
        output_field=SearchVectorField(),
    )


def index_versions(versions: Collection[int]) -> None:
    """Write the search words of versions that came in without them; belongs into the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [list(versions)])
