"""Pages for citizens and enterprises."""
