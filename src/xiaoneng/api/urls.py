"""Addresses of the interface; whatever else is asked for below it is answered as a program can read it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from xiaoneng.api import interface, pages, problems

interface.require_doors()


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Say that there is no such address."""
    return problems.of(Http404())


_paths, _, _ = interface.api.urls
app_name = "api"
# The table of moves and the items belong to everybody; each operation of the interface has its own door.
urlpatterns = [
    path("openapi.json", pages.openapi, name="openapi"),
    path("docs", pages.docs, name="docs"),
    *[each for each in _paths if getattr(each, "name", "") != "api-root"],
    re_path(r"^(?P<rest>.*)$", nowhere, name="nowhere"),
]
