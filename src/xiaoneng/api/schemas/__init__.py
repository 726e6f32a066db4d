"""The typed bodies and answers of the interface."""
