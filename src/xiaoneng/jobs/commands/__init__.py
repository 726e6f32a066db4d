"""One module for each command of `xiaoneng`; what lies here is found by itself (see `jobs.cli.Command`)."""
