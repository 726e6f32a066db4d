"""Addresses of the pages about one's own account."""

from django.urls import path

from xiaoneng.web import masking
from xiaoneng.web.account import door, own

app_name = "account"
urlpatterns = [
    path("second", door.second, name="second"),
    path("password", own.password, name="password"),
    path("second-factor", own.second_factor_page, name="second_factor"),
    path("unmask/<str:number>", masking.unmask, name="unmask"),
]
