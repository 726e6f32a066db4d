"""Six edits that only the owner of the tables can make, each in the way that hides it best: the doctor names every one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from patients import NOW

from xiaoneng.evidence import actions, records
from xiaoneng.jobs import time_machine
from xiaoneng.org import preferences
from xiaoneng.rules.roles import Administrator
from xiaoneng.supervision import models, tally, urging
from xiaoneng.trail.actions import By


@pytest.fixture
def sealed(patient):
    with time_machine.at(NOW):
        actions.seal()
    assert patient.ids() == set()
    return patient


def rewrites_an_entry_and_chains_it_anew(patient):
    patient.forge("whole", "accept", "at = at - interval '3 days', recorded_at = recorded_at - interval '3 days'")


def puts_a_red_light_out_in_the_row(patient):
    patient.root("UPDATE matter SET red_at = red_at + interval '9 days' WHERE red_at IS NOT NULL")


def takes_the_newest_entry_back_with_its_leaf(patient):
    # The row is set back to what the entry before it says, and the leaf goes; only the checkpoint is not his to sign.
    patient.root(
        "WITH gone AS (DELETE FROM entry e WHERE e.id = (SELECT max(id) FROM entry WHERE matter_id = %(m)s) RETURNING e.*),"
        " leaf AS (DELETE FROM log_leaf l USING gone g WHERE l.entry_id = g.id)"
        " UPDATE matter m SET version = m.version - 1, head = g.prev, state = p.facts ->> 'to', closed = false,"
        " step_name = p.facts ->> 'step_name', desk = p.facts ->> 'desk', changed_at = p.recorded_at,"
        " step = (p.facts ->> 'step')::int FROM gone g JOIN entry p ON p.matter_id = g.matter_id AND p.seq = g.seq - 1"
        " WHERE m.id = g.matter_id".replace("%(m)s", str(patient.matters["whole"]))
    )


def sets_the_clock_of_a_case_back(patient):
    patient.root(
        "UPDATE matter SET clocks_moved = jsonb_set(clocks_moved, '{promised/1,started_on}', '\"2026-04-01\"') WHERE id = %s",
        patient.matters["whole"],
    )


def makes_a_day_a_holiday_without_a_notice(patient):
    patient.root(
        "INSERT INTO org_calendarday (calendar_id, day, kind, name, since) SELECT c.id, d.day, 'holiday', '补休', 1"
        " FROM org_calendar c, (SELECT (recorded_at AT TIME ZONE 'Asia/Shanghai')::date + 1 AS day FROM entry"
        f" WHERE matter_id = {patient.matters['whole']} AND move = 'accept') d"
    )


def lets_all_lights_warn_later_from_a_day_long_past(patient):
    patient.root(
        "INSERT INTO matters_warningrule (kind, percent, least, since, reason, set_by, set_at)"
        " VALUES ('application', 1, 0, '2026-01-01', 'x', 'x', now())"
    )


EDITS = (
    (rewrites_an_entry_and_chains_it_anew, 4), (puts_a_red_light_out_in_the_row, 7),
    (takes_the_newest_entry_back_with_its_leaf, 4), (sets_the_clock_of_a_case_back, 7),
    (makes_a_day_a_holiday_without_a_notice, 16), (lets_all_lights_warn_later_from_a_day_long_past, 16),
)  # fmt: skip


@pytest.mark.parametrize(("edit", "id_"), EDITS, ids=lambda each: getattr(each, "__name__", ""))
def test_the_doctor_names_the_edit(sealed, edit, id_):
    edit(sealed)
    assert id_ in sealed.ids()


def test_what_is_taken_out_beside_the_journal_is_named_as_well(sealed):
    whole = sealed.matters["whole"]
    with time_machine.at(NOW):
        tally.keep_up(NOW)
    sealed.root("DELETE FROM checkpoint WHERE number = (SELECT max(number) FROM checkpoint)")
    sealed.root(f"DELETE FROM matter_opened WHERE id = {whole}")
    sealed.root(f"UPDATE approval_application SET identity_mark = '' WHERE matter_id = {whole}")
    sealed.root("UPDATE supervision_tally SET cursor = (SELECT max(id) + 1 FROM entry)")
    assert sealed.ids() == {4, 8, 19, 34}


# --- what stands beside the matters -----------------------------------------------------------------------------------
BY = By(0, "系统管理员")
SYSTEM = frozenset({Administrator.SYSTEM})


def setting(value, at):
    with time_machine.at(at):
        preferences.change("card_red_points", str(value), current={"card_red_points": 3}, roles=SYSTEM, by=BY, at=at)


@pytest.fixture
def kept(sealed):
    """Let two settings be made and an answer be given, each sealed by itself."""
    setting(4, NOW - timedelta(hours=5))
    at = NOW - timedelta(hours=4)
    with time_machine.at(at):
        records.seal(lambda: at)
        urging.remind_who_is_due(lambda: at)
        reminder = models.Reminder.objects.exclude(recipients=[]).order_by("id")[0]
        urging.answer(reminder.pk, text="周五前办结。", by=reminder.recipients[0], at=at)
    later = NOW - timedelta(hours=3)
    with time_machine.at(later):
        assert records.seal(lambda: later) == 1 and records.seal(lambda: later) == 0
    with time_machine.at(NOW):
        actions.seal()
    assert sealed.ids() == set()
    return sealed


COLUMNS = "kind, at, actor, name, what, about, key, before, after, reason, whence, request"
BESIDE = {
    "a record is changed": ("UPDATE trail_record SET name = '别人' WHERE key = 'setting:card_red_points'", 33),
    "a record is changed with its setting": (
        "WITH s AS (UPDATE org_setting SET value = '9' WHERE key = 'card_red_points')"
        " UPDATE trail_record SET after = jsonb_build_object('红牌扣分', 9) WHERE key = 'setting:card_red_points'", 33,
    ),
    "a record is taken out": (
        "WITH s AS (DELETE FROM trail_sealed WHERE record_id = (SELECT max(id) FROM trail_record))"
        " DELETE FROM trail_record WHERE id = (SELECT max(id) FROM trail_record)", 33,
    ),
    "its seal alone is taken out": ("DELETE FROM trail_sealed WHERE seal = 2", 33),
    "an old one is written in": (
        f"INSERT INTO trail_record ({COLUMNS}) SELECT kind, at - interval '3 days', actor, name, what, about, 'x', before,"
        " after, reason, whence, request FROM trail_record WHERE key = 'setting:card_red_points'", 33,
    ),
    "a setting is changed": ("UPDATE org_setting SET value = '1' WHERE key = 'card_red_points'", 33),
    "a setting is taken out": ("DELETE FROM org_setting WHERE key = 'card_red_points'", 33),
    "a setting is written in": (
        "INSERT INTO org_setting (key, value, changed_at, changed_by) VALUES ('card_auto', 'false', now(), 'x')", 33,
    ),
    "an answer is changed": ("UPDATE supervision_reminder SET answer = '已办结。' WHERE answer <> ''", 21),
    "an answer is put earlier": (
        "UPDATE supervision_reminder SET answered_at = answered_at - interval '1 day' WHERE answer <> ''", 21,
    ),
    "an answer is taken out": (
        "UPDATE supervision_reminder SET answer = '', answered_by = NULL, answered_at = NULL WHERE answer <> ''", 21,
    ),
    "a matter is called otherwise": ("UPDATE matter SET title = '别的事项' WHERE kind = 'application'", 7),
    "a matter was opened later": ("UPDATE matter SET opened_at = opened_at + interval '9 days'", 7),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "id_"), BESIDE.values(), ids=BESIDE.keys())
def test_what_is_changed_beside_the_matters_is_named(kept, statement, id_):
    kept.root(statement)
    assert kept.ids() == {id_}


def test_an_old_record_that_is_sealed_with_the_next_is_named_too(kept):
    statement, id_ = BESIDE["an old one is written in"]
    kept.root(statement)
    with time_machine.at(NOW):
        records.seal(lambda: NOW)
    assert id_ in kept.ids()
