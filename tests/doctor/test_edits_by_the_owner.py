"""Six edits that only the owner of the tables can make, each in the way that hides it best: the doctor names every one."""

from __future__ import annotations

import pytest
from patients import NOW

from xiaoneng.evidence import actions
from xiaoneng.jobs import time_machine
from xiaoneng.supervision import tally


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
