"""Floor 5: the Merkle log over all entries and its signed checkpoints; reads entries, and nobody below knows it."""
