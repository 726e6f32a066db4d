"""The operations of the interface, one module per subject; each declares its door."""
