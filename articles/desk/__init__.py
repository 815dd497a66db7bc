"""The import desk: upload, preview, start, watch, mend, take back.

``receiving`` takes uploads from the browser, ``uploads`` keeps them, ``forms`` asks,
``actions`` does what editors may do with an import and notes it in the admin's log,
``admin`` shows it all. What is done to articles is done by ``articles.importing``, in the
background. ``watches`` has the pages of folders and feeds that are looked at by the clock,
``versions`` those of what articles were before.
"""
