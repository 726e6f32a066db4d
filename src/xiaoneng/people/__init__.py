"""Floor 1: persons, enterprises, mandates and the accounts with which anybody signs in."""
