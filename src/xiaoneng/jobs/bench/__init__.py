"""Benches: how fast the real path is, measured beside something that everybody can judge."""
