"""Passwords kept as the product keeps them, but made in a thousandth of the time: tests sign in more often than a city."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class OneRound(Argon2PasswordHasher):
    """Argon2 with the least of time and memory; a server of the product knows such a password like any other."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
