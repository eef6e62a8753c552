"""What is asked of Apogée's services, and whether those that are installed have it: their own
descriptions (WSDL) say so, without anybody being looked up or told of."""

from typing import Any

from candide.integrations.sis import soap
from candide.integrations.sis.wire import Answer, Garbled, Wire

# The version of each operation that has to be there is in its name.
OPERATIONS = {
    "EtudiantMetier": (
        "recupererIdentifiantsEtudiant_v2",
        "recupererInfosAdmEtu_v4",
        "recupererAdressesEtudiant_v2",
    ),
    "PedagogiqueMetier": ("recupererContratPedagogiqueResultatVdiVet_v2",),
    "OffreFormationMetier": ("recupererSE_v4",),
    "ScolariteMetier": ("recupererBacOuEquWS",),
    "ReferentielMetier": ("recupererRegimeInscription",),
    "OpiMetier": ("mettreajourDonneesOpi_v10",),
    "PjOpiMetier": ("recupererPiecesJustificativesOPIWS",),
}


def versions(wire: Wire, url: str, **signed: Any) -> dict[str, str]:
    """Of each operation the service that has it; empty where it lacks."""
    described = {service: _described(wire, url, service, signed) for service in OPERATIONS}
    return {
        operation: service if operation in described[service] else ""
        for service, operations in OPERATIONS.items()
        for operation in operations
    }


def _described(wire: Wire, url: str, service: str, signed: dict[str, Any]) -> set[str]:
    address = f"{url.rstrip('/')}/{service}?wsdl"
    return wire.ask(  # type: ignore[no-any-return]
        f"versions: {service}", "GET", address, read=_operations, **signed
    )


def _operations(answer: Answer) -> set[str]:
    if not answer.is_well:
        raise Garbled(f"HTTP {answer.status}")
    return soap.operations(answer.content)
