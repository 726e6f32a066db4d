"""Floor 0: tools that know no word of the domain."""
