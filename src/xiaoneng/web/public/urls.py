"""Addresses of the public pages."""

from django.urls import path

from xiaoneng.web import observe
from xiaoneng.web.account import door
from xiaoneng.web.public import account, apply, calculator, evidence, find, guide, home, progress

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("today", home.today, name="today"),
    path("search", find.search, name="search"),
    path("search/suggest", find.suggest, name="suggest"),
    path("items/<str:code>", guide.item, name="item"),
    path("items/<str:code>/guide.pdf", guide.item_pdf, name="item_pdf"),
    path("items/<str:code>/apply", apply.start, name="apply"),
    path("drafts/<int:pk>", apply.draft, name="draft"),
    path("drafts/<int:pk>/review", apply.review, name="draft_review"),
    path("drafts/<int:pk>/submit", apply.submit, name="submit"),
    path("applications/<int:pk>/supplement", apply.supplement, name="supplement"),
    path("applications/<int:pk>/withdraw", apply.withdraw, name="withdraw"),
    path("files/<int:matter>/<int:pk>", apply.own_file, name="file"),
    path("receipts/<str:number>", progress.receipt, name="receipt"),
    path("progress", progress.query, name="progress_query"),
    path("progress/<str:number>", progress.progress, name="progress"),
    path("notices/<str:code>.pdf", progress.notice_pdf, name="notice_pdf"),
    path("notices/<str:code>", progress.notice, name="notice"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/checkpoints.json", evidence.evidence_checkpoints, name="evidence_checkpoints"),
    path("evidence/proof/<str:digest>.json", evidence.evidence_proof, name="evidence_proof"),
    path("verify", progress.verify, name="verify"),
    path("calculator", calculator.calculator, name="calculator"),
    path("mine", account.mine, name="mine"),
    path("login", door.login, name="login"),
    path("logout", door.logout, name="logout"),
    path("large-print", account.large_print, name="large_print"),
    path("health", observe.health, name="health"),
    path("metrics", observe.show_metrics, name="metrics"),
]
