"""Addresses of the public pages."""

from django.urls import path

from xiaoneng.web.public import account, apply, find, progress

app_name = "public"
urlpatterns = [
    path("", find.home, name="home"),
    path("search", find.search, name="search"),
    path("items/<str:code>", find.item, name="item"),
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
    path("verify", progress.verify, name="verify"),
    path("mine", account.mine, name="mine"),
    path("login", account.login, name="login"),
    path("logout", account.logout, name="logout"),
    path("large-print", account.large_print, name="large_print"),
    path("health", account.health, name="health"),
]
