from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from tutor.core.documents import schema


@pytest.fixture(scope="session")
def validate() -> Callable[[str], Any]:
    """Reads a document that a command wrote and holds it against the shipped schema."""
    validator = jsonschema.Draft202012Validator(schema())

    def read(text: str) -> Any:
        data = json.loads(text)
        validator.validate(data)
        return data

    return read
