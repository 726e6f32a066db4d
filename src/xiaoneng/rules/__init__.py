"""Floor 0: the law. Standard library only, no input or output, no clock."""
