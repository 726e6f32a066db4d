"""The one way in which the command line says that it cannot do its work."""


class CannotRun(Exception):
    """Raised with plain words on what hinders and what to do next; the command line prints them and ends with 2."""
