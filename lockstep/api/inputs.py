"""What every JSON input has in common: unknown fields are named, texts are storable. Never stores."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from lockstep.api.problems import Problem


class Input(serializers.Serializer[Any]):
    """A serializer that refuses fields that it does not know, with the closest one that it does."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [str(key) for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError({key: [self._hint(key)] for key in unknown})
        return super().to_internal_value(data)

    def _hint(self, key: str) -> str:
        near = get_close_matches(key, list(self.fields), n=1)
        return "This field is not known" + (
            f": did you mean {near[0]}?" if near else f". Known: {', '.join(self.fields)}."
        )


def read(serializer: type[Input], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The validated body; fields that the client left out stay out. Problem 422 names each wrong field."""
    body = serializer(data=request.data if request.data is not None else {}, partial=partial)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def filter_value(request: Request, name: str) -> str:
    """A query parameter used as a filter; "" when it is not there."""
    value = request.query_params.get(name, "")
    if "\x00" in value:
        raise Problem(422, "invalid", f"{name} has a character that no name has.")
    return value


def filter_choice(request: Request, name: str, choices: list[str]) -> list[str]:
    """A filter of one or several values (`a,b` or repeated), each one of the choices in any case."""
    asked = [part for value in request.query_params.getlist(name) for part in value.split(",") if part]
    by_lower = {choice.lower(): choice for choice in choices}
    for part in asked:
        if part.lower() not in by_lower:
            raise Problem(422, "invalid", f"{name} is {part[:40]!r}: write one of {', '.join(choices)}.")
    return [by_lower[part.lower()] for part in asked]
