"""The import desk: upload, preview, start, watch, mend, take back.

``uploads`` keeps files, ``forms`` asks, ``actions`` does what editors may do with an
import and notes it in the admin's log, ``admin`` shows it all. What is done to articles
is done by ``articles.importing``, in the background.
"""
