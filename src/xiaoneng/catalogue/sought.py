"""By what a version is found: narrow rows beside the versions, and the everyday words that stand for official ones."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate
from django.db.models.lookups import Exact

PENDING = 2048  # kB of new keys that may wait beside the index
PARTS = 8  # one of so many rows stands in the small index of keys


class SoughtKeys(models.Func):
    """The keys that lead to a row, made by the database."""

    function = "sought_keys"
    output_field = ArrayField(models.TextField())


class Sought(models.Model):
    """A version as searches see it: its words as they are compared, and the keys that lead to it.

    Derived from the version and its department by `actions.index_versions()`; the database keeps `in_force` equal to the
    version's own. Apart from the versions, whose rows are wide: a search looks at a thousand of these.
    """

    version = models.OneToOneField("catalogue.ItemVersion", models.CASCADE, primary_key=True, related_name="sought")
    in_force = DateTimeRangeField()
    name = models.TextField()
    rest = models.TextField()  # aliases, themes and department, each apart from the next
    said = models.PositiveSmallIntegerField()  # how many characters of `rest` are aliases
    initials = models.TextField()
    headings = ArrayField(models.TextField())  # under which it stands: theme, audience, department, level and so on

    class Meta:
        indexes = [
            # The keys lie in the index alone. New ones wait in a list, which takes a third of the time; since every search
            # reads the list too, it is short, and whoever writes has it taken in at the end (`actions.index_versions()`).
            GinIndex(
                SoughtKeys("name", "rest", "initials", "headings"),
                name="item_keys",
                fastupdate=True,
                gin_pending_list_limit=PENDING,
            ),
            # Words that many rows have lead to enough of them here already, without the long lists of the whole.
            GinIndex(
                SoughtKeys("name", "rest", "initials", "headings"),
                name="item_keys_of_an_eighth",
                fastupdate=True,
                gin_pending_list_limit=PENDING,
                condition=Q(Exact(F("version") % PARTS, 0)),
            ),
            models.Index(Collate("name", "C"), name="item_name_from_its_start"),
            models.Index(Collate("initials", "C"), name="item_in_alphabetical_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Synonym(models.Model):
    """An everyday word and an official one that it stands for in a search; several rows give several."""

    word = models.CharField("平常的说法", max_length=30)
    official = models.CharField("正式的说法", max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word", "official"], name="a_word_stands_for_another_once"),
            models.CheckConstraint(
                condition=~Q(word="") & ~Q(official="") & ~Q(word=F("official")), name="a_synonym_has_two_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.official}"
