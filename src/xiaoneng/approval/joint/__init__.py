"""Joint cases: one application, one form, one set of materials, several departments at once."""
