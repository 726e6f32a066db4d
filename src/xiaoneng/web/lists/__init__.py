"""Pages of the lists: for those who keep them, and for everybody."""
