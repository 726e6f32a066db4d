"""Addresses of the supervisors' pages."""

from django.urls import path

from xiaoneng.web.supervise import (
    accountable,
    accumulating,
    findings,
    findings_carded,
    findings_entered,
    issued,
    listing,
    pages,
    period,
    process,
    process_history,
)

app_name = "supervise"
urlpatterns = [
    path("", pages.board, name="board"),
    path("lights", pages.board_changes, name="board_changes"),
    path("matters", listing.listing, name="matters"),
    path("matters/of/<int:matter>", listing.any_matter, name="any_matter"),
    path("period", period.period, name="period"),
    path("period/cases", period.period_cases, name="period_cases"),
    path("period/export", period.period_export, name="period_export"),
    path("matters/<str:number>", pages.matter, name="matter"),
    path("matters/<str:number>/issue", issued.issue, name="issue"),
    path("cards", issued.card_list, name="cards"),
    path("orders", issued.order_list, name="orders"),
    path("issued/<str:number>", issued.one, name="issued"),
    path("issued/<str:number>/propose", accountable.propose, name="propose"),
    path("records", accountable.records, name="records"),
    path("records/rules", accountable.accumulations, name="accumulations"),
    path("records/rules/<str:code>", accumulating.accumulation, name="accumulation"),
    path("records/<str:number>", accountable.one, name="record"),
    path("findings", findings.finding_list, name="findings"),
    path("findings/export", findings.export, name="findings_export"),
    path("findings/rules", findings.catalogue, name="finding_rules"),
    path("findings/new", findings_entered.enter, name="finding_new"),
    path("findings/samples", findings_entered.samples, name="samples"),
    path("findings/<str:number>", findings.one, name="finding"),
    path("findings/<str:number>/card", findings_carded.card, name="finding_card"),
    path("findings/<str:number>/propose", findings.propose, name="finding_propose"),
    path("process", process.process, name="process"),
    path("process/cases", process.process_cases, name="process_cases"),
    path("history", process_history.histories, name="histories"),
    path("history/<int:log>", process_history.history_log, name="history_log"),
    path("history/<int:log>/cases", process_history.history_cases, name="history_cases"),
    path("history/<int:log>/cases/<int:matter>", process_history.history_case, name="history_case"),
]
