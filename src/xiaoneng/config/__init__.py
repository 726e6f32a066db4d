"""The roof: settings and addresses."""
