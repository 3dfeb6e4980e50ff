"""Routes of Home, Flows and the release page. Never logic."""

from django.urls import path

from lockstep.api import routes  # noqa: F401 - registers what may stand for a name
from promotions.views import flows, home, releases

urlpatterns = [
    path("", home.home_page, name="home"),
    path("flows/", flows.flows, name="flows"),
    path("flows/new/", flows.flow_new, name="flow-new"),
    path("flows/<resource:name>/", flows.flow_page, name="flow"),
    path("flows/<resource:name>/delete/", flows.flow_remove, name="flow-delete"),
    path("products/<slug:name>/releases/<int:number>/", releases.release_page, name="release"),
]
