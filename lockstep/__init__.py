"""The project package: settings, urls, asgi, celery and the `up` supervisor. Never domain rules."""

from lockstep.celery import app as celery_app

__all__ = ["celery_app"]
