"""« Vérifier une lettre »: whether a letter with this code was issued by this institution."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from candide.admissions.decisions.domain.verification import MEANINGS, typed_code, verify
from candide.web.public.account.entrance import is_throttled, too_many


class CodeForm(forms.Form):
    """What somebody typed off a letter."""

    code = forms.CharField(
        label=_("Code on the letter"),
        help_text=_("Twelve letters and digits at the foot of the letter, as ABCD-EFGH-JKMN."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


@never_cache
@login_not_required
def verify_letter(request: HttpRequest) -> HttpResponse:
    """What is known of a letter. The address on a letter fills its code in; asking is a POST, so
    that nobody tries codes one after the other [LET]."""
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})
    context: dict[str, Any] = {"form": form, "letter": None, "is_unknown": False}
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST" and is_throttled(request, "verify_letter"):
        form.add_error("code", too_many())
        status = 429
    elif request.method == "POST":
        letter = verify(typed_code(form.cleaned_data["code"]))
        meaning = MEANINGS[letter.state] if letter else ""
        context |= {"letter": letter, "is_unknown": letter is None, "meaning": meaning}
    return render(request, "public/verify.html", context, status=status)
