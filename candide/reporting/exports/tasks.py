"""Makes the files of this room known to the worker and the pages."""

from candide.foundation.downloads.registry import register_kind
from candide.reporting.exports.domain import applications, dossiers, organisation

for kind in (applications.KIND, *dossiers.KINDS, *organisation.KINDS):
    register_kind(kind)
