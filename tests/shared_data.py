"""Reference data that lie beside the project and are too large to be part of it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def needed() -> Path:
    """Give the folder of reference data; where it is absent the test is skipped, and says so."""
    if not SHARED.is_dir():
        pytest.skip(f"the reference data are not beside the project ({SHARED.parent.name}/{SHARED.name})")
    return SHARED
