"""Signing in and out, and remembering how a person wants the pages. Never decides what a role may do."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from accounts.forms import PreferencesForm, SignInForm
from accounts.preferences import preferences_update


class SignIn(LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep theme, navigation or row detail; 204, or 422 naming the field."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    preferences_update(user=request.user, values={k: v for k, v in form.cleaned_data.items() if v})
    return HttpResponse(status=204)
