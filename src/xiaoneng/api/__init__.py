"""Top floor: the interface for programs, /api/v1; every operation declares its scope, every answer says what to do next."""
