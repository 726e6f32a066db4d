"""Addresses of the cashier's pages."""

from django.urls import path

from xiaoneng.web.till import pages

app_name = "till"
urlpatterns = [
    path("", pages.home, name="home"),
    path("day", pages.day, name="day"),
    path("day.xlsx", pages.day_sheet, name="day_sheet"),
    path("<int:pk>", pages.charge, name="charge"),
    path("<int:pk>/collect", pages.collect, name="collect"),
    path("<int:pk>/refund", pages.refund, name="refund"),
]
