"""Floor 2: items and their dated versions with materials, steps, limits and basis."""
