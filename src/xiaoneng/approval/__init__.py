"""Floor 4: applications, from the citizen's draft to the delivered decision."""
