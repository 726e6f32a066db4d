"""Every address of the platform."""

from collections.abc import Sequence

from django.urls import URLPattern, URLResolver, include, path

from xiaoneng.api import pages as api_pages
from xiaoneng.api import urls as api
from xiaoneng.web.access import Policy, policy


def _declared(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern]:
    # The interface's pages are open to everybody; each of its operations has a door of its own (api.door).
    routes = [each for each in patterns if isinstance(each, URLPattern)]
    for each in routes:
        policy(Policy.PUBLIC if each.name in ("openapi", "docs") else Policy.TOKEN)(each.callback)
    return routes


urlpatterns = [
    path("api/v1/", include((_declared(api.urlpatterns), "api"), namespace="api-v1")),
    path("account/tokens", policy(Policy.SIGNED_IN)(api_pages.own_tokens), name="tokens"),
    path("desk/", include("xiaoneng.web.staff.urls")),
    path("till/", include("xiaoneng.web.till.urls")),
    path("supervise/", include("xiaoneng.web.supervise.urls")),
    path("lists/", include("xiaoneng.web.lists.urls")),
    path("powers/", include("xiaoneng.web.lists.public_urls")),
    path("account/", include("xiaoneng.web.account.urls")),
    path("manage/", include("xiaoneng.web.manage.urls")),
    path("", include("xiaoneng.web.public.urls")),
]
handler400 = "xiaoneng.web.errors.bad_request"
handler403 = "xiaoneng.web.errors.forbidden"
handler404 = "xiaoneng.web.errors.not_found"
handler500 = "xiaoneng.web.errors.failed"
