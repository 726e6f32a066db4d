"""Pages of the three administrators: organisation, people, roles, calendars, settings, records."""
