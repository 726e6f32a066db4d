"""Addresses of the staff's pages."""

from django.urls import path

from xiaoneng.web.staff import case, intake, worklist

app_name = "staff"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("all", worklist.all_cases, name="all"),
    path("intake", intake.find, name="intake"),
    path("intake/<str:code>", intake.intake, name="intake_item"),
    path("cases/<str:number>", case.case, name="case"),
    path("cases/<str:number>/<str:name>", case.move, name="move"),
]
