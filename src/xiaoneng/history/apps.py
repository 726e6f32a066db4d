"""The room as Django knows it."""

from django.apps import AppConfig


class History(AppConfig):
    """Cases that others handled, taken in from their logs."""

    name = "xiaoneng.history"
    label = "history"
