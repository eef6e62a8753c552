"""« Vos données sont effacées »: the receipt, once, for who had them erased a moment ago."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from candide.web.shared.receipts import handed_receipt


@login_not_required
def erased(request: HttpRequest) -> HttpResponse:
    receipt = handed_receipt(request)
    if receipt is None:
        return redirect("public:home")
    return render(request, "public/erased.html", {"receipt": receipt})
