"""HTTP and WebSocket entry point."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstep.settings")

# First: it sets Django up, and the routes below import models.
_http = get_asgi_application()

from django.conf import settings  # noqa: E402

from feeds.routing import websocket_application  # noqa: E402
from lockstep.request_size import BodyLimit  # noqa: E402

application = ProtocolTypeRouter(
    {"http": BodyLimit(_http, settings.REQUEST_LIMIT_BYTES), "websocket": websocket_application}
)
