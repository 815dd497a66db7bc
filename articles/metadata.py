"""What machines are told of an article: linked data in the words of schema.org."""

from typing import Any

from articles.models import Article
from search.analysis import first_sentence

DESCRIPTION_LENGTH = 200


def description(article: Article) -> str:
    """Return one sentence that says what the article is about, as published."""
    return article.subtitle.strip() or first_sentence(
        article.body, max_length=DESCRIPTION_LENGTH
    )


def news_article(article: Article, permalink: str) -> dict[str, Any]:
    """Return ``article`` as a NewsArticle of JSON-LD; what is not known is left out."""
    moment = article.published_at or article.published_on
    known = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": permalink,
        "url": permalink,
        "mainEntityOfPage": permalink,
        "headline": article.title,
        "alternativeHeadline": article.subtitle,
        "description": description(article),
        "inLanguage": article.language,
        "datePublished": moment.isoformat() if moment else None,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": _publisher(article),
        "articleSection": article.section.name if article.section else None,
        "locationCreated": {"@type": "Place", "name": article.place}
        if article.place
        else None,
        "isBasedOn": article.url,
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in known.items() if value}


def _publisher(article: Article) -> dict[str, str]:
    publisher = {"@type": "NewsMediaOrganization", "name": article.source.name}
    if article.source.homepage:
        publisher["url"] = article.source.homepage
    return publisher
