"""All routes. Never logic."""

from django.contrib import admin
from django.urls import include, path

from lockstep import views

urlpatterns = [
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
    path("admin/", admin.site.urls),
    path("api/", include("lockstep.api.urls")),
    path("", include("accounts.urls")),
    path("", include("environments.urls")),
    path("", include("products.urls")),
    path("", include("promotions.urls")),
]
