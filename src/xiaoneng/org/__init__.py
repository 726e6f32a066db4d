"""Floor 1: regions, departments, windows, staff, roles and their holders, calendars and office hours."""
