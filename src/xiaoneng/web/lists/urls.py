"""Addresses of the pages of those who keep the lists."""

from django.urls import path

from xiaoneng.web.lists import comparisons, imports, reforms, registers, rounds, themes

app_name = "lists"
urlpatterns = [
    path("", rounds.home, name="home"),
    path("import", imports.imports, name="imports"),
    path("import/<int:intake>", imports.one_import, name="import"),
    path("rounds/<int:number>", rounds.one_round, name="round"),
    path("compilations/<int:matter>", rounds.compilation, name="compilation"),
    path("compilations/<int:matter>/list.xlsx", rounds.sheet, name="sheet"),
    path("compilations/<int:matter>/items/<int:number>", rounds.item, name="item"),
    path("registers/<str:which>", registers.register, name="register"),
    path("reforms", reforms.reforms, name="reforms"),
    path("reforms/<str:which>", reforms.behind, name="behind"),
    path("themes", themes.all_themes, name="themes"),
    path("themes/<slug:code>", themes.theme, name="theme"),
    path("comparisons", comparisons.comparisons, name="comparisons"),
    path("comparisons/<int:number>", comparisons.comparison, name="comparison"),
]
