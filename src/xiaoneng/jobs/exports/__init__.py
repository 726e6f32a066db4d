"""What leaves the platform whole: the proof for the stand-alone verifier, and logs and tables for others' tools."""
