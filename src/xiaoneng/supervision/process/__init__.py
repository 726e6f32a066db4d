"""How cases really run: from the journal of our own, or from the logs of others."""
