"""An installation that has its own everyday words gets the later ones, and nothing that its people took away comes back."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from xiaoneng.catalogue import actions
from xiaoneng.catalogue.everyday import ASTRAY_ROWS, EARLIER_ROWS, FIRST_ROWS, LATER_ROWS, SPOKEN_ROWS
from xiaoneng.catalogue.models import Synonym
from xiaoneng.trail.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def before():
    """Put the table as it was before the later words came."""
    Synonym.objects.all().delete()
    Synonym.objects.bulk_create([Synonym(word=word, official=official) for word, official in EARLIER_ROWS])


def spoken() -> set[tuple[str, str]]:
    """Run the migration of the words that are said aloud and return the table."""
    module = importlib.import_module("xiaoneng.catalogue.migrations.0013_words_people_say_aloud")
    module.put_spoken_rows(apps, SimpleNamespace(connection=connection))
    return set(Synonym.objects.values_list("word", "official"))


def upgraded() -> dict[str, set[str]]:
    """Run the migration and return what each word stands for."""
    module = importlib.import_module("xiaoneng.catalogue.migrations.0010_words_people_ask_with")
    module.put_later_rows(apps, SimpleNamespace(connection=connection))
    found: dict[str, set[str]] = {}
    for word, official in Synonym.objects.values_list("word", "official"):
        found.setdefault(word, set()).add(official)
    return found


def test_what_is_missing_comes_in_and_a_second_time_changes_nothing(before):
    assert {*LATER_ROWS} <= {(word, official) for word, words in upgraded().items() for official in words}
    assert len(upgraded()["一年级"]) == 2 and Synonym.objects.count() == len({*EARLIER_ROWS, *LATER_ROWS})


def test_a_word_that_somebody_changed_or_took_away_stays_as_it_is(before):
    Synonym.objects.filter(word="摆摊", official="摊贩").delete()
    Synonym.objects.filter(word="驾照").delete()
    actions.put_synonym("一年级", "小学")
    found = upgraded()
    assert found["一年级"] == {"小学"} and "驾照" not in found
    assert found["摆摊"] == {"食品摊贩", "占用道路"}


def test_a_word_that_was_added_and_taken_back_on_record_does_not_come_back(before, taken_back):
    assert "一建" not in upgraded()


def test_words_said_aloud_come_to_an_older_table_and_what_led_astray_goes(before):
    upgraded()
    assert spoken() == spoken() == {*FIRST_ROWS} == {*EARLIER_ROWS, *LATER_ROWS, *SPOKEN_ROWS} - {*ASTRAY_ROWS}


def test_words_said_aloud_leave_alone_what_somebody_changed(before):
    upgraded()
    actions.put_synonym("家里", "家庭")
    Synonym.objects.filter(word="老人").delete()
    found = spoken()
    assert {("家里", "家庭"), ("老年人", "老年")} <= found
    assert not {word for word, _ in found} & {"老人"}


@pytest.fixture
def taken_back():
    """Let the record say that 一建 was taken back."""
    Record.objects.create(
        kind=Record.Kind.CHANGE, at="2026-03-02T01:00:00Z", name="", what="删除平常说法", about="", key="word:一建",
        reason="", whence="", request="",
    )  # fmt: skip
