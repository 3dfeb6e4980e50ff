"""Answers a stored manifest byte for byte where the client asks for YAML. Never writes YAML itself."""

from __future__ import annotations

from typing import Any

from rest_framework.renderers import BaseRenderer


class YamlRenderer(BaseRenderer):
    """Renders data that has a `manifest` as that text."""

    media_type = "application/yaml"
    format = "yaml"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else str(data["manifest"]).encode("utf-8")


class XYamlRenderer(YamlRenderer):
    media_type = "application/x-yaml"


class TextYamlRenderer(YamlRenderer):
    media_type = "text/yaml"
