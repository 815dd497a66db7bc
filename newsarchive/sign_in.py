"""What those see who are not let in: too many wrong passwords, or a form of another site's."""

import math
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from newsarchive.clients import client_address


def locked_out(
    request: HttpRequest, original_response: Any, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say when the next password will be looked at."""
    del original_response
    left = _time_left(request, str((credentials or {}).get("username") or ""))
    context = {"minutes": max(1, math.ceil(left / timedelta(minutes=1)))}
    response = render(request, "registration/locked_out.html", context, status=429)
    response["Retry-After"] = str(max(1, math.ceil(left.total_seconds())))
    response["Cache-Control"] = "no-store"
    return response


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form that does not come from a page of the archive, or is too old."""
    del reason
    return render(request, "403_csrf.html", status=403)


def _time_left(request: HttpRequest, username: str) -> timedelta:
    attempts = AccessAttempt.objects.filter(
        username=username, ip_address=client_address(request) or None
    )
    last = attempts.order_by("-attempt_time").first()
    wait: timedelta = settings.AXES_COOLOFF_TIME
    return wait - (timezone.now() - last.attempt_time) if last else wait
