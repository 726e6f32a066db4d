"""Pages about one's own account: the door, the password, the second factor."""
