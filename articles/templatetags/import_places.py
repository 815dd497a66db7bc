"""Where records stand in the files that they were imported from."""

from django import template

from articles.importing import reasons

register = template.Library()


@register.filter
def shown_place(place: str) -> str:
    """Return a place such as "line 3" in the language of the page."""
    return reasons.shown_place(place)
