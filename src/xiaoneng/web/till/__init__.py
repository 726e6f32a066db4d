"""The one place where money is taken: its pages for the cashier."""
