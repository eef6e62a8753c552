"""Makes the files of this room known to the worker and the pages."""

from candide.admissions.decisions.domain.letter_files import KIND
from candide.foundation.downloads.registry import register_kind

register_kind(KIND)
