"""Looking around in the archive, for readers who do not search.

``home`` invites; ``calendar`` leads through years, months and days; ``indexes`` list
what there are articles of, and ``pages`` show one source, section, author or place.
Counts come from the ledger of ``articles.models.Tally``, lists from indexes that hold
them in order, so that no page costs more in a larger archive. ``answers`` gives every
page its validator and keeps what has been counted, ``paging`` cuts lists, ``drawing``
makes of counts what is drawn, and ``choosing`` keeps what a reader chose.
"""
