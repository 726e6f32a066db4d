"""Addresses of the published lists."""

from django.urls import path, register_converter

from xiaoneng.web.lists import public


class Form:
    """The forms in which the data can be had."""

    regex = "json|csv|xlsx"

    def to_python(self, value: str) -> str:
        """Take the form as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write the form as it is."""
        return value


register_converter(Form, "data_form")
app_name = "powers"
urlpatterns = [
    path("", public.powers, name="powers"),
    path("responsibilities", public.responsibilities, name="responsibilities"),
    path("negative", public.negative, name="negative"),
    path("adjustments", public.adjustments, name="adjustments"),
    path("notices", public.notices, name="notices"),
    path("notices/<int:matter>", public.notice, name="notice"),
    path("data.<data_form:form>", public.data, name="data"),
    path("items/<str:code>", public.item, name="item"),
    path("items/<str:code>/compare", public.compare, name="compare"),
]
