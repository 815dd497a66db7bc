"""Data for machines inside a page."""

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# As in Django's json_script: nothing in a text ends the element that holds it.
_ESCAPES = str.maketrans({letter: f"\\u{ord(letter):04X}" for letter in "<>&"})


@register.simple_tag
def linked_data(data: Mapping[str, Any]) -> SafeString:
    """Return ``data`` as an element of JSON-LD."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>', SafeString(text)
    )
