"""The list's own procedure: rounds in which departments compile, the city reviews, publishes, and compares."""
