"""The sign-in form and what a person may prefer. Never touches sessions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "That user name and password do not match.",
        "inactive": "This account is switched off. Ask an administrator.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("username", "User name"), ("password", "Password")):
            self.fields[name].label = label
            self.fields[name].widget.attrs["class"] = "input"


class PreferencesForm(forms.Form):
    """How the pages look to one person; each field may come alone."""

    theme = forms.ChoiceField(choices=[(c, c) for c in ("system", "light", "dark")], required=False)
    nav = forms.ChoiceField(choices=[(c, c) for c in ("open", "rail")], required=False)
    rows = forms.ChoiceField(choices=[(c, c) for c in ("compact", "detailed")], required=False)
