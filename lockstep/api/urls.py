"""All routes under /api/. Never logic."""

from typing import Any

from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.request import Request

from environments.api import EnvironmentListView, EnvironmentOrderView, EnvironmentView
from lockstep.api import domain_problems  # noqa: F401 - registers how the domain's errors are told
from lockstep.api.bodies import ApiView
from lockstep.api.routes import both
from products.api import (
    ApplicationListView,
    ApplicationRefreshView,
    ApplicationSyncView,
    ApplicationView,
    ProductListView,
    ProductView,
)

APPLICATION = "applications/<resource:runtime>/<resource:namespace>/<resource:name>"


class NowhereView(ApiView):
    """Whatever else stands under /api/: a problem, not the site's HTML page."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404("There is nothing at this address. /api/docs/ lists what there is.")


urlpatterns = [
    *both("schema", SpectacularAPIView, "api-schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
    path("docs", SpectacularSwaggerView.as_view(url_name="api-schema")),
    *both("environments", EnvironmentListView, "api-environments"),
    *both("environments/<resource:name>", EnvironmentView, "api-environment"),
    *both("environment-order", EnvironmentOrderView, "api-environment-order"),
    *both("applications", ApplicationListView, "api-applications"),
    *both(APPLICATION, ApplicationView, "api-application"),
    *both(f"{APPLICATION}/refresh", ApplicationRefreshView, "api-application-refresh"),
    *both(f"{APPLICATION}/sync", ApplicationSyncView, "api-application-sync"),
    *both("products", ProductListView, "api-products"),
    *both("products/<resource:name>", ProductView, "api-product"),
    path("", include("promotions.api.urls")),
    re_path(r"", NowhereView.as_view(schema=None)),
]
