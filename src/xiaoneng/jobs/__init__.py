"""Floor 7: background tasks and the command line."""
