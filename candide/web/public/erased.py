"""« Vos données sont effacées »: the receipt, once, for who had them erased a moment ago."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candide.web.shared.receipts import handed_receipt


@require_safe
@never_cache
@login_not_required
def erased(request: HttpRequest) -> HttpResponse:
    """What was erased, and what stays; whoever comes again is led home."""
    receipt = handed_receipt(request)
    if receipt is None:
        return redirect("public:home")
    return render(request, "public/erased.html", {"receipt": receipt})
