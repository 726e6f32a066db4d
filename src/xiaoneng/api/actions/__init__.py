"""The verbs of the interface's own rows: tokens, keys of requests, webhooks, deliveries."""
