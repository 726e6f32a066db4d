"""Floor 5: lights on record; reads all below, and nobody below knows it."""
