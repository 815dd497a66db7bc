"""What the background worker does by the clock."""

import logging

from procrastinate.contrib.django import app

from search.backends import default_backend

logger = logging.getLogger(__name__)


@app.periodic(cron="30 3 * * *")
@app.task(name="search.merge_index", lock="search.merge_index")
def merge_index(timestamp: int) -> None:
    """Make one segment of the index every night, without the removed documents."""
    del timestamp
    default_backend().index.merge()
    logger.info("The index is one segment.")
