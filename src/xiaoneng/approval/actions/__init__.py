"""The verbs of approval; each is one transaction, takes the moment it happens and may be repeated with the same key."""
