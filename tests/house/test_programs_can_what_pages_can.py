"""What pages can, the interface can: each page names the operation that does the same, or the one word why there is none."""

from fnmatch import fnmatchcase

from xiaoneng.api import interface
from xiaoneng.web import access

# Why a page has no operation of its own.
REASONS = {
    "door": "signing in and out, passwords, second factors: a token is made by a person who stands before the page",
    "form": "a step on the way to what another operation does at once",
    "screen": "how something looks: pictures, big screens, letters for people with weak eyes",
    "open": "an address that answers programs itself, without a token",
    "masked": "programs get personal data masked; in full they are shown to a person who says why",
    "bank": "where the payer and the bank meet",
    "machine": "for the machines that watch the server",
}
WHY_NONE = {
    "tokens": "door", "account:second": "door", "account:password": "door", "account:second_factor": "door",
    "account:unmask": "masked", "public:login": "door", "public:logout": "door", "manage:password_given": "door",
    "staff:account_slip": "door",
    "public:home": "form", "public:suggest": "form", "public:draft_review": "form", "public:joint_review": "form",
    "staff:preview": "form", "staff:draft": "form", "manage:home": "form",
    "public:screen": "screen", "public:screen_now": "screen", "public:large_print": "screen",
    "public:item_pdf": "open", "public:item_flow_svg": "open", "public:item_flow_bpmn": "open",
    "public:evidence": "open", "public:evidence_checkpoints": "open", "public:evidence_proof": "open",
    "powers:powers": "open", "powers:responsibilities": "open", "powers:adjustments": "open", "powers:data": "open",
    "powers:item": "open", "powers:compare": "open",
    "public:test_bank": "bank", "public:pay_callback": "bank", "public:health": "machine", "public:metrics": "machine",
}  # fmt: skip
# A name that ends in _* stands for the operations of a whole table of moves.
DOES_THE_SAME = {
    "staff:worklist": "list_cases cases_table", "staff:all": "list_cases cases_table", "staff:save_view": "save_view",
    "staff:forget_view": "forget_view", "staff:supervised": "list_waiting answer_reminder",
    "staff:hand_over": "hand_over_cases", "staff:bulk": "list_cases", "staff:bulk_move": "move_many_*",
    "staff:consultations": "list_consultations", "staff:intake": "search_items", "staff:intake_item": "take_in",
    "staff:joint_intake": "take_joint_in", "staff:joints": "list_matters", "staff:joint": "joint_case",
    "staff:joint_move": "joint_move_*", "staff:projects": "agents_worklist", "staff:project": "read_agency",
    "staff:project_move": "agency_move_*", "staff:case": "read_case read_journal read_explanations",
    "staff:certificates": "list_register", "staff:certificate": "certificate_move_*",
    "staff:fees": "list_charges demand_fee exempt_from_fee void_charge order_refund", "staff:whole": "case_papers",
    "staff:claim": "claim_case lay_back_case", "staff:file": "download_file", "staff:at_once": "settle_at_once",
    "staff:move": "move_*",
    "till:home": "list_owed list_to_pay_back", "till:day": "read_day", "till:day_sheet": "read_day",
    "till:charge": "list_owed", "till:collect": "collect_charge", "till:refund": "pay_back_charge",
    "supervise:board": "read_board list_red count_lights", "supervise:board_changes": "read_board",
    "supervise:matters": "list_supervised list_matters", "supervise:any_matter": "read_matter",
    "supervise:period": "read_period", "supervise:period_cases": "list_period_matters",
    "supervise:period_export": "read_period",
    "supervise:matter": "read_case read_journal list_red_lights_on_record list_reminders",
    "supervise:issue": "urge_department order_department issue_card list_card_rules", "supervise:cards": "list_cards",
    "supervise:orders": "list_orders", "supervise:issued": "read_card read_order card_move_* order_move_*",
    "supervise:propose": "propose_from_card", "supervise:records": "list_accountability",
    "supervise:accumulations": "list_accumulations", "supervise:accumulation": "change_accumulation end_accumulation",
    "supervise:record": "read_accountability record_move_*", "supervise:findings": "list_findings",
    "supervise:findings_export": "findings_table", "supervise:finding_rules": "list_finding_rules",
    "supervise:finding_new": "enter_finding", "supervise:samples": "list_samples draw_sample",
    "supervise:finding": "read_finding ask_about_finding confirm_finding dismiss_finding finding_move_*",
    "supervise:finding_card": "card_from_finding", "supervise:finding_propose": "propose_from_finding",
    "supervise:process": "read_process", "supervise:process_cases": "list_process_cases",
    "supervise:histories": "list_histories hand_in_log list_log_imports list_log_mappings", "supervise:history_log": "read_history",
    "supervise:history_cases": "list_past_cases", "supervise:history_case": "read_past_case",
    "lists:home": "list_rounds open_round", "lists:imports": "list_imports hand_in_list",
    "lists:import": "read_import remap_import run_import list_mappings keep_mapping", "lists:round": "read_round",
    "lists:compilation": "read_compilation upload_sheet remark_on_list answer_remark list_move_*",
    "lists:sheet": "download_sheet", "lists:item": "list_proposals propose_item",
    "lists:register": "list_kinds keep_kind remove_kind list_basics keep_basic remove_basic list_negative keep_negative"
    " end_negative list_synonyms say_word unsay_word",
    "lists:reforms": "read_reforms", "lists:behind": "list_measured_items list_cut_items list_decided",
    "lists:themes": "list_all_themes", "lists:theme": "keep_theme",
    "lists:comparisons": "list_comparisons compare_lists",
    "lists:comparison": "read_comparison list_compared decide_compared hand_over_compared",
    "powers:negative": "list_negative", "powers:notices": "list_notices", "powers:notice": "read_notice remark_on_notice",
    "manage:organisation": "list_regions list_organs list_windows", "manage:region_new": "make_region make_organ make_window",
    "manage:region": "change_region change_organ change_window", "manage:department_close": "close_organ reopen_organ",
    "manage:region_remove": "remove_region remove_organ remove_window",
    "manage:hours": "change_hours withdraw_hours", "manage:people": "list_people",
    "manage:person_new": "make_person", "manage:person": "read_person place_person", "manage:grant": "grant_role",
    "manage:person_act": "disable_person enable_person set_last_day rename_person unlock_person pass_on_work",
    "manage:applicants": "find_applicant_account", "manage:applicant": "find_applicant_account",
    "manage:applicant_act": "disable_applicant enable_applicant unlock_applicant",
    "manage:locked": "list_locked", "manage:roles": "list_holdings",
    "manage:holding": "end_role", "manage:calendars": "list_calendars", "manage:year": "read_year",
    "manage:year_edit": "publish_year", "manage:thresholds": "list_thresholds change_threshold",
    "manage:announcements": "list_all_announcements announce", "manage:announcement_withdraw": "withdraw_announcement",
    "manage:settings": "list_settings change_setting", "manage:records": "list_records",
    "manage:records_export": "list_records",
    "public:today": "read_today", "public:today_cases": "read_today", "public:search": "search_items",
    "public:item": "item_guide", "public:situation": "item_guide", "public:apply": "open_draft",
    "public:draft": "read_draft save_draft discard_draft upload_to_draft remove_from_draft list_held_facts use_held_fact",
    "public:submit": "submit_draft", "public:supplement": "upload_to_case move_supplement",
    "public:supply_deferred": "move_supply_deferred", "public:report_rectified": "move_report_rectified",
    "public:withdraw": "move_withdraw", "public:themes": "list_themes", "public:theme": "list_themes",
    "public:theme_apply": "open_joint_draft", "public:joint_draft": "read_joint_draft save_joint_draft choose_items",
    "public:joint_submit": "submit_joint_draft", "public:joint_supplement": "list_supplements answer_supplements",
    "public:joint_withdraw": "joint_move_withdraw", "public:joint": "joint_case",
    "public:announcements": "list_announcements", "public:announcement": "read_announcement",
    "public:agency": "request_agency own_agencies", "public:agency_case": "read_agency agency_move_withdraw",
    "public:file": "download_file", "public:receipt": "read_receipt", "public:progress_query": "ask_progress",
    "public:progress": "ask_progress read_case", "public:notice_pdf": "document_pdf", "public:notice": "verify_document",
    "public:certificate": "verify_certificate", "public:fee": "list_charges list_payments", "public:pay": "begin_payment",
    "public:verify": "verify_document", "public:calculator": "reckon_due",
    "public:mine": "list_applications own_certificates own_mandates",
    "staff:accounts": "open_applicant find_applicant", "staff:account": "find_applicant",
    "staff:account_act": "give_applicant_password change_applicant_contact authorise_applicant end_mandate",
}  # fmt: skip


def test_every_page_names_the_operation_that_does_the_same_or_the_word_why_there_is_none():
    pages = {name for name, _ in access.routes() if not name.startswith("api-v1:")}
    told = {**DOES_THE_SAME, **WHY_NONE}
    assert sorted(pages - set(told)) == []  # a new page: put up an operation for it, or say why there is none
    assert sorted(set(told) - pages) == []
    assert DOES_THE_SAME.keys() & WHY_NONE.keys() == set()
    assert set(WHY_NONE.values()) == set(REASONS)


def test_what_pages_name_is_an_operation_of_the_interface():
    known = [each.operation_id for _, each in interface.operations()]
    assert sorted(known) == sorted(set(known))
    named = {name for names in DOES_THE_SAME.values() for name in names.split()}
    missing = [
        name for name in sorted(named) if not any(fnmatchcase(each, name) for each in known)
    ]  # fmt: skip
    assert missing == []


def test_every_address_stands_in_one_room():
    """An address in two rooms would answer 405 to what the second of them put up."""
    bound = [path for room in interface.api._get_bound_routers() for path in room.path_operations]
    assert sorted(bound) == sorted(set(bound))
