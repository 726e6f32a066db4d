"""Findings beyond lateness: what the detectors find, what people find, and what becomes of it."""
