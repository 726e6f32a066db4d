"""Commands of the interface for `xiaoneng`; each module is one."""
