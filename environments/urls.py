"""Routes of the Environments page. Never logic."""

from django.urls import path

from environments.views import environments, manifests

urlpatterns = [
    path("environments/", environments.environments, name="environments"),
    path("environments/applications/", manifests.manifests_add, name="applications-add"),
    path("environments/new/", environments.environment_new, name="environment-new"),
    path("environments/favourites/<int:application_id>/", environments.favourite, name="favourite"),
    path("environments/<slug:name>/edit/", environments.environment_edit, name="environment-edit"),
    path("environments/<slug:name>/delete/", environments.environment_remove, name="environment-delete"),
]
