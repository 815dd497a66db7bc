"""Say in words what is wrong with an installation, and how to mend it.

A *probe* looks at one thing and yields *findings*; whatever happens to it, the others
are asked all the same. What a probe needs (settings, database) it says, and is passed
over where that is missing, since one cause would show in all of them.
"""

from newsarchive.doctor.examining import examine, is_well, report
from newsarchive.doctor.findings import Finding, Level

__all__ = ["Finding", "Level", "examine", "is_well", "report"]
