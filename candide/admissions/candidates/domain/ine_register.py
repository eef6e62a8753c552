"""Whether the national register has given an INE: asked of the service the student system knows, of
numbers of the register alone [5.5, FILE-INE-03]."""

from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.ine import IneCheck, normalise, recognise
from candide.admissions.candidates.enums import IneFormat
from candide.core.blockers import Blocker
from candide.institution.catalogue.enums import CheckMode
from candide.institution.catalogue.models import Institution
from candide.integrations import sis


def check_in_register(ine: str, *, institution: Institution) -> IneCheck:
    """What the register says of `ine`, as strictly as the institution wants. May raise
    `sis.port.Unavailable`; one then goes on without."""
    value = normalise(ine)
    kind = recognise(value)
    mode = institution.rnie_check
    if kind != IneFormat.RNIE or mode == CheckMode.OFF:
        return IneCheck(value, kind)
    if sis.current().check_ine(value) is not False:
        return IneCheck(value, kind)
    message = _(
        "The national register does not know this INE: copy it again from your transcript, or "
        "leave it empty and go on."
    )
    remark = Blocker("ine_not_in_register", message, "field:ine")
    return IneCheck(
        value,
        kind,
        blockers=[remark] if mode == CheckMode.REFUSE else [],
        warnings=[remark] if mode == CheckMode.WARN else [],
    )
