"""Makes what other systems report fit the columns that keep it. Never used for what people type: that is refused.

PostgreSQL takes neither a null character, in texts or in JSON, nor a text that is longer than its column,
and SQLite takes both: without this, one odd manifest would end the discovery of all applications.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Model


def storable(value: Any) -> Any:
    """The value with every null character, at any depth of lists and mappings, replaced by U+FFFD."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(storable(item) for item in value)
    return value


def storable_columns(model: type[Model], columns: dict[str, Any]) -> dict[str, Any]:
    """Columns of the model by name, texts cut to what their column holds."""
    fitted = {name: storable(value) for name, value in columns.items()}
    for name, value in fitted.items():
        if isinstance(value, str):
            column = model._meta.get_field(name)
            fitted[name] = value[: column.max_length] if isinstance(column, CharField) else value
    return fitted
