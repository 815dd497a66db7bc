"""The second factor of those who sign in to the desk: a code that changes, or one on paper.

A member of staff *sets up* a telephone once: it reads a key from the screen, and proves
by a code that it did. From then on a password alone opens nothing: *verify* asks for a
code of the telephone, or for one of the recovery codes, each of which is good once.
"""

import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp import user_has_device, verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Square:
    """A QR code, as the path of a drawing.

    Attributes:
        size: of a side, in modules, the quiet zone included.
        path: the dark modules.
    """

    size: int
    path: str

    @classmethod
    def of(cls, text: str) -> "Square":
        """Draw ``text``."""
        rows = list(segno.make(text, error="m").matrix_iter(border=4))
        dark = [
            f"M{x} {y}h1v1h-1z"
            for y, row in enumerate(rows)
            for x, module in enumerate(row)
            if module
        ]
        return cls(len(rows), "".join(dark))


def is_missing(user: User | AnonymousUser) -> bool:
    """Whether ``user`` has still to show a second factor before the desk opens."""
    if user.is_verified():  # type: ignore[union-attr]  # Added by django_otp.
        return False
    return bool(settings.REQUIRE_SECOND_FACTOR) or has_second_factor(user)


def has_second_factor(user: User | AnonymousUser) -> bool:
    """Whether ``user`` has set one up."""
    return bool(user_has_device(user))


def new_telephone(user: User) -> TOTPDevice:
    """Return the telephone that ``user`` is setting up: the same until it is proved."""
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
    return waiting.first() or TOTPDevice.objects.create(
        user=user, confirmed=False, name="telephone"
    )


def key_to_type(telephone: TOTPDevice) -> str:
    """Return the key as people type it who cannot photograph it."""
    key = b32encode(telephone.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


@transaction.atomic
def set_up(user: User, telephone: TOTPDevice) -> list[str]:
    """Make ``telephone`` the one of ``user``; return recovery codes, which are shown once."""
    remove(user, but=telephone)
    telephone.confirmed = True
    telephone.save(update_fields=["confirmed"])
    paper = StaticDevice.objects.create(user=user, name="paper")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=paper, token=code) for code in codes
    )
    return codes


@transaction.atomic
def remove(user: User, *, but: TOTPDevice | None = None) -> int:
    """Remove the telephones and recovery codes of ``user``; return how many there were."""
    telephones = TOTPDevice.objects.filter(user=user).exclude(pk=but and but.pk)
    paper = StaticDevice.objects.filter(user=user)
    number: int = telephones.count() + paper.count()
    telephones.delete()
    paper.delete()
    return number


class CodeForm(forms.Form):
    """Asks for a code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=32,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autofocus": True,
                "dir": "ltr",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(
        self, data: Any, *, user: User, telephone: TOTPDevice | None = None
    ) -> None:
        super().__init__(data)
        self._user = user
        self._telephone = telephone
        self.device: TOTPDevice | StaticDevice | None = None

    def clean_code(self) -> str:
        """Find the device whose code it is."""
        code = plain(self.cleaned_data["code"])
        for device in self._devices(code):
            allowed, why = device.verify_is_allowed()
            if not allowed:
                raise forms.ValidationError(_wait(why))
            if verify_token(self._user, device.persistent_id, code):
                self.device = device
                return code
        raise forms.ValidationError(
            _("This code is not right, or not any more. Wait for the next one.")
        )

    def _devices(self, code: str) -> list[TOTPDevice | StaticDevice]:
        if self._telephone:
            return [self._telephone]
        kind = TOTPDevice if len(code) == _DIGITS and code.isdigit() else StaticDevice
        return list(kind.objects.filter(user=self._user, confirmed=True))


def plain(code: str) -> str:
    """Return ``code`` without spaces, in the digits and letters that it was made of."""
    kept = (letter for letter in code if not letter.isspace() and letter != "-")
    return "".join(str(unicodedata.digit(letter, letter)) for letter in kept).lower()


def _wait(why: dict[str, Any] | None) -> str:
    until = (why or {}).get("locked_until")
    left = max(1, round((until - timezone.now()).total_seconds())) if until else 1
    return ngettext(
        "Too many wrong codes. Try again in %(number)d second.",
        "Too many wrong codes. Try again in %(number)d seconds.",
        left,
    ) % {"number": left}
