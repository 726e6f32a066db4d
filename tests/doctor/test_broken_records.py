"""Each rule about records is broken once, by somebody who may do anything, and the doctor names exactly that rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from patients import Patient

CASES: list[pytest.ParameterSet] = []


def breaks(*ids: int) -> Callable[[Callable[[Patient], None]], Callable[[Patient], None]]:
    """Enter a breaker with the ids that the doctor must report, no more and no less."""

    def enter(breaker: Callable[[Patient], None]) -> Callable[[Patient], None]:
        CASES.append(pytest.param(set(ids), breaker, id=f"{'+'.join(map(str, ids))}-{breaker.__name__}"))
        return breaker

    return enter


# --- the chain --------------------------------------------------------------------------------------------------------
@breaks(1)
def a_version_without_its_entry(patient):
    patient.root("UPDATE matter SET version = version + 1 WHERE id = %s", patient.matters["whole"])


@breaks(1)
def an_entry_of_a_matter_that_never_was(patient):
    patient.root(
        """INSERT INTO entry (matter_id, seq, move, actor, role, at, recorded_at, body, prev, hash)
           SELECT 1000000000, seq, move, actor, role, at, recorded_at, body, prev, hash FROM entry WHERE seq = 1 LIMIT 1"""
    )


@breaks(1)
def an_entry_written_after_its_successor(patient):
    patient.root("UPDATE entry SET id = DEFAULT WHERE matter_id = %s AND seq = 2", patient.matters["whole"])


@breaks(1)
def a_gap_in_a_chain_that_was_linked_anew(patient):
    id_, seq = (
        patient.matters["whole"],
        patient.seq("whole", "review"),
    )  # nothing but the number of later entries changes
    patient.root("UPDATE entry SET seq = seq + 1000 WHERE matter_id = %s AND seq >= %s", id_, seq)
    patient.root("UPDATE entry SET seq = seq - 999 WHERE matter_id = %s AND seq > 1000", id_)
    patient.root("UPDATE document SET seq = seq + 1 WHERE matter_id = %s AND seq >= %s", id_, seq)
    patient.root("UPDATE matter SET version = version + 1 WHERE id = %s", id_)
    patient.rechain(id_)


@breaks(2)
def an_authority_written_in_later(patient):
    patient.root("UPDATE entry SET authority = '代理' WHERE matter_id = %s AND seq = 2", patient.matters["whole"])


@breaks(2)
def a_journal_begun_elsewhere(patient):
    patient.root("UPDATE matter SET genesis = sha256('x') WHERE id = %s", patient.matters["whole"])


@breaks(2)
def facts_for_queries_that_differ_from_the_text(patient):
    patient.root("ALTER TABLE entry ALTER COLUMN facts DROP EXPRESSION")
    patient.root("UPDATE entry SET facts = facts || '{\"late\": true}' WHERE matter_id = %s", patient.matters["whole"])


@breaks(3)
def a_head_that_is_no_entry(patient):
    patient.root("UPDATE matter SET head = sha256('x') WHERE id = %s", patient.matters["whole"])


# --- time -------------------------------------------------------------------------------------------------------------
@breaks(6)
def an_entry_applied_to_another_moment_than_its_own(patient):
    patient.forge("asked", "review", "at = at - interval '3 seconds'")


@breaks(6)
def an_entry_recorded_before_the_one_before_it(patient):
    patient.forge("whole", "review", "at = at - interval '8 days', recorded_at = recorded_at - interval '8 days'")


@breaks(6)
def an_entry_recorded_in_the_future(patient):
    patient.forge("asked", "review", "at = '2027-01-04 10:00+8', recorded_at = '2027-01-04 10:00+8'")
    patient.root("UPDATE matter SET changed_at = '2027-01-04 10:00+8' WHERE id = %s", patient.matters["asked"])


# --- the rows and the journal -----------------------------------------------------------------------------------------
@breaks(7)
def a_light_put_off_in_the_row(patient):
    patient.root("UPDATE matter SET red_at = red_at + interval '9 days' WHERE id = %s", patient.matters["deemed"])


@breaks(7)
def a_state_changed_in_the_row(patient):
    patient.root("UPDATE matter SET state = 'granted' WHERE id = %s", patient.matters["deemed"])


@breaks(7)
def a_due_day_put_off_in_the_clock(patient):
    patient.reclock("whole", "statutory/1", due_on="2026-05-08")


@breaks(7)
def a_pause_made_longer_in_its_row(patient):
    patient.root(
        """UPDATE pause SET during = daterange(lower(during), upper(during) + 1)
           WHERE matter_id = %s AND upper(during) < '2026-03-14'""",
        patient.matters["whole"],
    )


@breaks(7)
def a_clock_taken_away(patient):
    patient.root("UPDATE matter SET clocks_moved = clocks_moved - 'delivery/1' WHERE id = %s", patient.matters["late"])


@breaks(7)
def a_document_renamed(patient):
    patient.root("UPDATE document SET title = '准予决定' WHERE matter_id = %s AND seq = 1", patient.matters["whole"])


@breaks(7)
def a_document_taken_away(patient):
    patient.root("DELETE FROM document WHERE matter_id = %s AND seq = 1", patient.matters["whole"])


@breaks(7)
def a_journal_that_lacks_what_it_must_say(patient):
    patient.forge("waiting", "submit", "body = (body::jsonb - 'late')::text")


@breaks(7)
def a_date_laid_beside_the_clocks(patient):
    patient.root(
        """UPDATE matter SET clocks_recounted = '{"promised/1": {"red_at": "2036-01-04T09:00:00.000000+00:00"}}' WHERE id = %s""",
        patient.matters["whole"],
    )


@breaks(8)
def a_clock_that_no_entry_names(patient):
    patient.root(
        """UPDATE matter SET clocks_moved = clocks_moved || jsonb_build_object('statutory/9', clocks_moved -> 'statutory/1')
        WHERE id = %s""",
        patient.matters["whole"],
    )


@breaks(8)
def a_pause_that_no_entry_names(patient):
    patient.root(
        """INSERT INTO pause (matter_id, clock, round, during, kind)
           VALUES (%s, 'promised', 1, '[2026-05-25,2026-05-26)', '听证')""",
        patient.matters["deemed"],
    )


@breaks(8)
def a_document_that_no_entry_names(patient):
    patient.root(
        """INSERT INTO document (matter_id, seq, kind, title, number, verify_code, issued_at)
           VALUES (%s, 1, 'grant_decision', '准予行政许可决定书', '安准字〔2026〕99号', 'X', now())""",
        patient.matters["whole"],
    )


@breaks(8)
def a_number_drawn_and_thrown_away(patient):
    patient.root("UPDATE series SET last = last + 1 WHERE key LIKE 'document:%%准%%'")


@breaks(8)
def a_number_written_in_another_way_than_its_rule(patient):
    patient.forge("whole", "grant", "numbers = replace(numbers, '号', '號')")
    patient.root(
        "UPDATE document SET number = replace(number, '号', '號') WHERE kind = 'grant_decision' AND matter_id = %s",
        patient.matters["whole"],
    )


@breaks(8)
def a_number_used_twice(patient):
    patient.root("ALTER TABLE matter DROP CONSTRAINT matter_number_key")
    patient.forge("late", "accept", "numbers = replace(numbers, '2026030300001', '2026030300002')")
    patient.root(
        "UPDATE matter SET number = replace(number, '0300001', '0300002') WHERE id = %s", patient.matters["late"]
    )


# --- the procedure ----------------------------------------------------------------------------------------------------
@breaks(9)
def a_state_to_which_the_move_does_not_lead(patient):
    patient.forge("whole", "accept", """body = replace(body, '"to":"reviewing"', '"to":"granted"')""")


@breaks(9)
def a_move_in_a_role_that_may_not_make_it(patient):
    patient.root(
        """INSERT INTO org_holding (account_id, role_id, department_id, during, authority)
           SELECT account_id, 'supervisor', department_id, during, '' FROM org_holding WHERE role_id = 'window'"""
    )
    patient.forge("whole", "accept", "role = 'supervisor'")


@breaks(9)
def a_state_from_which_the_next_move_does_not_lead(patient):
    patient.forge("late", "accept", """body = replace(body, '"to":"reviewing"', '"to":"deciding"')""")


@breaks(9)
def a_last_state_to_which_the_move_does_not_lead(patient):
    patient.forge("asked", "review", """body = replace(body, '"to":"deciding"', '"to":"granted"')""")
    patient.root("UPDATE matter SET state = 'granted' WHERE id = %s", patient.matters["asked"])


@breaks(9)
def a_matter_of_an_unknown_kind(patient):
    patient.root("UPDATE matter SET kind = 'petition' WHERE id = %s", patient.matters["whole"])


@breaks(9)
def a_move_that_the_table_lacks(patient):
    patient.forge("not_accepted", "not_accept", "move = 'toss'")


@breaks(9)
def an_ended_matter_that_passes_for_open(patient):
    patient.restate("not_accepted", {'"closed":true': '"closed":false'})


DECIDED = """body = jsonb_set(body::jsonb, '{what,decided_on}', to_jsonb((at + interval '8 hours')::date))::text"""


@breaks(9, 10)  # the table allows no decision without acceptance, so the order cannot be broken alone
def a_decision_without_acceptance(patient):
    patient.forge("not_accepted", "not_accept", f"move = 'grant', {DECIDED}")


@breaks(9, 10)
def a_delivery_without_decision(patient):
    patient.forge("whole", "grant", "move = 'review'")


@breaks(9, 10)  # a slip may be corrected after the end; nothing else may happen there
def a_statement_after_the_end(patient):
    patient.forge("kept", "correct_document", "move = 'record_statement'")


@breaks(10)
def a_correction_that_opens_an_ended_case_again(patient):
    told = {'"to":"delivered"': '"to":"granted"', '"closed":true': '"closed":false'}
    (ended, reopened), (closed, open_) = told.items()
    change = "body = replace(replace(body, %s, %s), %s, %s)"
    patient.forge("kept", "correct_document", change, ended, reopened, closed, open_)
    patient.root("UPDATE matter SET state = 'granted', closed = false WHERE id = %s", patient.matters["kept"])


@breaks(9, 11)  # neither does it allow a second one
def a_second_decision(patient):
    patient.forge("whole", "deliver", f"move = 'refuse', {DECIDED}")


@breaks(12)
def a_reviewer_whose_post_had_ended(patient):
    patient.root("UPDATE org_holding SET during = '[2020-01-01,2026-03-15)' WHERE role_id = 'reviewer'")


@breaks(12)
def an_applicant_who_never_filed(patient):
    patient.forge("withdrawn", "withdraw", "actor = %s", patient.accounts()["路人甲"])


@breaks(12)
def a_clerk_who_signed_as_the_platform(patient):
    patient.forge("deemed", "deem_accepted", "actor = %s", patient.accounts()["陆远舟"])


@breaks(13)
def a_reviewer_who_decided(patient):
    reviewer = patient.accounts()["顾知行"]
    patient.root(
        """INSERT INTO org_holding (account_id, role_id, department_id, during, authority)
           SELECT %s, role_id, department_id, during, '' FROM org_holding WHERE role_id = 'head'""",
        reviewer,
    )
    patient.forge("late", "refuse", "actor = %s", reviewer)


# --- clocks -----------------------------------------------------------------------------------------------------------
@breaks(14, 19)  # a case that has ended is not looked at for lights any more, so its clock's light has no record
def a_case_that_ended_with_a_clock_running(patient):
    stopped = """body = replace(body, '"state":"stopped","stopped_at":"' || (body::jsonb #>> '{clocks,0,stopped_at}') || '"',
                                '"state":"running","stopped_at":null')"""
    patient.forge("not_accepted", "not_accept", stopped)
    patient.refold(patient.matters["not_accepted"])


@breaks(14)
def a_clock_stopped_at_another_moment_than_its_move(patient):
    patient.forge(
        "whole", "deliver",
        """body = replace(body, '"stopped_at":"' || (body::jsonb #>> '{clocks,0,stopped_at}') || '"',
                          '"stopped_at":"2026-03-19T08:00:00.000000+00:00"')""",
    )  # fmt: skip
    patient.refold(patient.matters["whole"])


@breaks(14)
def a_clock_started_at_another_moment_than_its_move(patient):
    patient.restate("deemed", {'"started_at":"2026-05-20T00:00': '"started_at":"2026-05-19T00:00'})


@breaks(14)
def a_running_clock_with_a_moment_of_stopping(patient):
    stopped = '"stopped_at":"2026-05-29T09:30:00.000000+00:00"'
    patient.restate("waiting", {'"state":"running","stopped_at":null': f'"state":"running",{stopped}'})


@breaks(14, 15, 16)  # and days taken out twice are days that neither the procedures nor the count know of
def two_pauses_that_overlap(patient):
    patient.root("ALTER TABLE pause DROP CONSTRAINT pauses_of_a_clock_do_not_overlap")
    patient.restate("whole", {'"from":"2026-03-04","to":"2026-03-10"': '"from":"2026-03-04","to":"2026-03-16"'})


@breaks(14)
def a_clock_that_runs_during_a_pause(patient):
    patient.restate("paused", {'"state":"paused"': '"state":"running"', '"paused":true': '"paused":false'})


@breaks(14)
def a_clock_called_paused_without_a_pause(patient):
    patient.restate("deemed", {'"state":"running"': '"state":"paused"', '"paused":false': '"paused":true'})


@breaks(14, 15)  # a pause before its clock began has no special procedure behind it either
def a_pause_that_began_before_its_clock(patient):
    patient.restate("paused", {'"from":"2026-05-28"': '"from":"2026-05-25"'})


@breaks(15)
def a_special_procedure_that_nobody_was_told_of(patient):
    patient.restate("paused", {"special_procedure_notice": "correction_notice"})
    patient.root(
        "UPDATE document SET kind = 'correction_notice' WHERE matter_id = %s AND kind = 'special_procedure_notice'",
        patient.matters["paused"],
    )


@breaks(15)
def a_pause_without_a_special_procedure(patient):
    patient.restate("paused", {'"kind":"专家评审"': '"kind":"听证"'})


@breaks(16)
def a_provisional_date_shown_as_settled(patient):
    turn = """body = replace(body, '"provisional":false', '"provisional":true')"""
    patient.root(f"UPDATE entry SET {turn} WHERE matter_id = %s", patient.matters["asked"])
    patient.rechain(patient.matters["asked"])
    patient.refold(patient.matters["asked"])


@breaks(16)
def an_acceptance_said_to_be_of_another_day(patient):
    patient.restate("late", {'"accepted_on":"2026-03-03"': '"accepted_on":"2026-03-04"'})


@breaks(16)
def a_limit_made_longer_in_the_end(patient):
    patient.forge("late", "refuse", """body = replace(body, '"limit":20', '"limit":40')""")
    patient.refold(patient.matters["late"])


@breaks(16)
def a_calendar_that_was_changed_afterwards(patient):
    patient.root(
        """INSERT INTO org_calendarday (calendar_id, day, kind, name, since)
           SELECT id, '2026-03-05', 'holiday', '假', 1 FROM org_calendar"""
    )


@breaks(9, 13, 17)  # the table gives extending to the head alone
def an_extension_by_the_reviewer(patient):
    patient.forge("whole", "extend", "role = 'reviewer', actor = %s", patient.accounts()["顾知行"])


# --- items ------------------------------------------------------------------------------------------------------------
@breaks(37)
def an_item_version_that_came_into_force_after_acceptance(patient):
    patient.root(
        """UPDATE catalogue_itemversion SET in_force = '[2026-05-30,)'
           WHERE id = (SELECT item_version_id FROM matter WHERE id = %s)""",
        patient.matters["asked"],
    )


# --- lights -----------------------------------------------------------------------------------------------------------
@breaks(19)
def a_matter_that_forgets_that_it_was_late(patient):
    patient.forge("late", "deliver", """body = replace(body, '"late":true', '"late":false')""")
    patient.root("UPDATE matter SET late = false WHERE id = %s", patient.matters["late"])


@breaks(19)
def a_red_light_taken_off_the_record(patient):
    patient.root("DELETE FROM supervision_redlight WHERE id = (SELECT max(id) FROM supervision_redlight)")


@breaks(19)
def a_red_light_recorded_later_than_it_came_true(patient):
    patient.root("UPDATE supervision_redlight SET since = since + interval '3 days' WHERE id = 1")


@breaks(19)
def a_red_light_that_never_came_true(patient):
    patient.root(
        """INSERT INTO supervision_redlight (matter_id, clock, round, since, recorded_at, department_id, step_name, desk,
                                             due_on, calendar_version)
           SELECT id, 'statutory', 1, '2026-05-29 09:00Z', '2026-06-01 12:00+8', department_id, '', '', '2026-05-29', 1
           FROM matter WHERE id = %s""",
        patient.matters["deemed"],
    )


@breaks(19)
def a_red_light_that_nobody_sealed(patient):
    patient.root("UPDATE supervision_redlight SET seal = NULL, recorded_at = recorded_at - interval '1 hour'")


@breaks(19)
def a_red_light_sealed_by_an_entry_that_is_not_there(patient):
    patient.root("UPDATE supervision_redlight SET seal = 99")


@breaks(19)
def a_clock_that_no_longer_counts(patient):
    uncounted = """body = replace(body, '"counts":true', '"counts":false')"""
    patient.root(f"UPDATE entry SET {uncounted} WHERE matter_id = %s", patient.matters["deemed"])
    patient.refold(patient.matters["deemed"])
    patient.rechain(patient.matters["deemed"])


# --- files and personal data ------------------------------------------------------------------------------------------
@breaks(31)
def an_attachment_that_was_taken_away(patient):
    patient.root("DELETE FROM matters_attachment WHERE id = (SELECT min(id) FROM matters_attachment)")


@breaks(31)
def an_attachment_of_another_length(patient):
    patient.root("UPDATE matters_attachment SET size = size + 1 WHERE id = (SELECT min(id) FROM matters_attachment)")


@breaks(31)
def a_printed_document_without_its_file(patient):
    patient.root(
        """INSERT INTO matters_documentfile (document_id, sha256, size, made_at)
           SELECT id, repeat('0', 64), 1, now() FROM document LIMIT 1"""
    )


@breaks(31)
def an_attachment_of_a_round_that_was_never_handed_in(patient):
    patient.root(
        """INSERT INTO matters_attachment (matter_id, slot, name, kind, size, sha256, uploaded_by, uploaded_at, round)
           SELECT matter_id, 'other', name, kind, size, sha256, uploaded_by, uploaded_at, 7 FROM matters_attachment LIMIT 1"""
    )


@breaks(12, 34)  # without the application nobody is its applicant
def an_application_taken_away(patient):
    patient.root("DELETE FROM approval_application WHERE matter_id = %s", patient.matters["withdrawn"])


@breaks(34)
def an_application_rewritten_after_submission(patient):
    patient.root(
        "UPDATE approval_application SET payload = replace(payload, '燃气', '采矿') WHERE matter_id = %s",
        patient.matters["whole"],
    )


@breaks(34)
def another_person_who_signed(patient):
    patient.root("UPDATE approval_application SET recipient = '王五' WHERE matter_id = %s", patient.matters["whole"])


@breaks(36)
def a_request_that_made_two_entries(patient):
    patient.root("DROP INDEX entry_key_key")
    for matter in ("whole", "late"):
        patient.forge(matter, "accept", "key = '00000000-0000-4000-8000-000000000000'")


@pytest.mark.parametrize(("ids", "breaker"), CASES)
def test_what_is_broken_is_named_and_nothing_else(patient, ids, breaker):
    breaker(patient)
    report = patient.examine()
    assert {finding.id for finding in report.findings} == ids, list(report.findings)


def test_a_file_that_was_changed_on_disk_is_named(patient, settings, tmp_path):
    kept, there = [], Path(settings.FILES_DIRECTORY)
    for (sha,) in patient.root("SELECT DISTINCT sha256 FROM matters_attachment ORDER BY 1"):
        kept.append(tmp_path / sha[:2] / sha[2:4] / sha)
        kept[-1].parent.mkdir(parents=True, exist_ok=True)
        kept[-1].write_bytes((there / sha[:2] / sha[2:4] / sha).read_bytes())
    settings.FILES_DIRECTORY = tmp_path  # others read the same file at the same time
    assert patient.ids() == set()
    kept[0].write_bytes(kept[0].read_bytes()[:-1] + b"x")
    assert patient.ids() == {31}
