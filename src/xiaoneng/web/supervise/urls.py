"""Addresses of the supervisors' pages."""

from django.urls import path

from xiaoneng.web.supervise import pages

app_name = "supervise"
urlpatterns = [
    path("", pages.board, name="board"),
    path("lights", pages.board_changes, name="board_changes"),
    path("matters", pages.listing, name="matters"),
    path("matters/<str:number>", pages.matter, name="matter"),
]
