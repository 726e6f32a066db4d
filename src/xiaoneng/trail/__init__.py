"""Below org and people: the record of administration, of exports, of unmasked personal data and of signing in."""
