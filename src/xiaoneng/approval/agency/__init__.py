"""Agent service (代办): somebody of the centre goes along with a key project through all its approvals."""
