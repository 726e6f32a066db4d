"""Reading foreign logs: files, attributes under whatever names, stamps, and what could not be used."""
