"""Who we are and what we offer: campaigns, centres, commissions, programmes, intakes."""

from candide.institution.catalogue.models.campaign import Campaign
from candide.institution.catalogue.models.institution import Institution
from candide.institution.catalogue.models.organisation import ApplicationCentre, Commission
from candide.institution.catalogue.models.programme import Intake, Programme, ProgrammeKind
from candide.institution.catalogue.models.tacit import TacitThreshold

__all__ = [
    "ApplicationCentre",
    "Campaign",
    "Commission",
    "Institution",
    "Intake",
    "Programme",
    "ProgrammeKind",
    "TacitThreshold",
]
