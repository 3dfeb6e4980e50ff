"""Routes of WebSockets, and who comes through them. Never logic."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from feeds.consumers import BoardConsumer, FlowConsumer, ProductConsumer, ReleaseConsumer
from lockstep.api.routes import NameConverter

_name = NameConverter.regex
websocket_urlpatterns: list[Any] = [
    re_path(rf"^ws/releases/(?P<release_id>{_name})/?$", ReleaseConsumer.as_asgi()),
    re_path(rf"^ws/products/(?P<name>{_name})/?$", ProductConsumer.as_asgi()),
    re_path(rf"^ws/flows/(?P<name>{_name})/?$", FlowConsumer.as_asgi()),
    path("ws/environments/", BoardConsumer.as_asgi()),
    path("ws/environments", BoardConsumer.as_asgi()),
    re_path(r"", WebsocketDenier.as_asgi()),
]

# asgi.py puts this under "websocket".
websocket_application = AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
