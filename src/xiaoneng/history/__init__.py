"""Imported history: cases that others handled, as their logs tell them, each in one entry that names its source."""
