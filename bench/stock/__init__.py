"""A Django project of its own: Haystack with its Whoosh backend, as documented.

It is started by ``bench.engines.stock_haystack`` as a process of its own, for a process
has one set of Django settings.
"""
