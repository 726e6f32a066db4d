"""Pages for the supervisors of the efficiency office: they see everything and change nothing."""
