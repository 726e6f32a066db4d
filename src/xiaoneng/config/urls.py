"""Every address of the platform."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("xiaoneng.web.staff.urls")),
    path("supervise/", include("xiaoneng.web.supervise.urls")),
    path("", include("xiaoneng.web.public.urls")),
]
handler400 = "xiaoneng.web.errors.bad_request"
handler403 = "xiaoneng.web.errors.forbidden"
handler404 = "xiaoneng.web.errors.not_found"
handler500 = "xiaoneng.web.errors.failed"
