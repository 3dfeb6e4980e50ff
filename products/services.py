"""Changes to things: products, assignments, and what is asked of a runtime. Never changes Git or releases."""

from __future__ import annotations

from products.discovery import runtime_observe, runtime_poll

__all__ = ["runtime_observe", "runtime_poll"]
