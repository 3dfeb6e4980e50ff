"""Fixtures of the service tests: the demo on real repositories, driven message by message."""

from tests.promotions.services.demo_world import demo, outbox

__all__ = ["demo", "outbox"]
