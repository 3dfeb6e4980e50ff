"""Routes of the Environments page. Never logic."""

from django.urls import path

from environments import views

urlpatterns = [
    path("environments/", views.environments, name="environments"),
    path("environments/new/", views.environment_new, name="environment-new"),
    path("environments/favourites/<int:application_id>/", views.favourite, name="favourite"),
    path("environments/<slug:name>/edit/", views.environment_edit, name="environment-edit"),
    path("environments/<slug:name>/delete/", views.environment_remove, name="environment-delete"),
]
