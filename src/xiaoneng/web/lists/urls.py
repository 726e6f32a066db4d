"""Addresses of the pages of those who keep the lists."""

from django.urls import path

from xiaoneng.web.lists import comparisons, imports, rounds

app_name = "lists"
urlpatterns = [
    path("", rounds.home, name="home"),
    path("import", imports.imports, name="imports"),
    path("import/<int:intake>", imports.one_import, name="import"),
    path("rounds/<int:number>", rounds.one_round, name="round"),
    path("compilations/<int:matter>", rounds.compilation, name="compilation"),
    path("compilations/<int:matter>/list.xlsx", rounds.sheet, name="sheet"),
    path("compilations/<int:matter>/items/<int:number>", rounds.item, name="item"),
    path("comparisons", comparisons.comparisons, name="comparisons"),
    path("comparisons/<int:number>", comparisons.comparison, name="comparison"),
]
