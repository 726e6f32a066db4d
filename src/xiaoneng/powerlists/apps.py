"""The room as Django knows it."""

from django.apps import AppConfig


class PowerLists(AppConfig):
    """The power lists' own procedure."""

    name = "xiaoneng.powerlists"
    label = "powerlists"
