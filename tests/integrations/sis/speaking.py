"""A small server that speaks the dialects of the student systems over HTTP: Apogée's SOAP and its
REST services, Pégase's REST. It knows the students and programmes of the demonstration, keeps what
it is told of the admitted, and can be made to answer oddly, as `recorded/` shows.

    with speaking.running() as server:
        system = ApogeeSystem(server.apogee)
"""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from candide.integrations.sis.apogee_codes import apogee_country, apogee_department, sex
from candide.integrations.sis.demonstration import (
    DemonstrationStudentSystem,
    offered,
)
from candide.integrations.sis.soap import ENVELOPE, INSTANCE, NAMESPACE, Fault
from candide.integrations.sis.wire import WireSettings
from tests.integrations.sis.speaking_pegase import (
    INSTITUTION,
    PASSWORD,
    USER,
    Said,
    pegase,
    record,
    said,
    tickets,
)

RECORDED = Path(__file__).with_name("recorded")
KNOWN_INE = "230145789KH"
PATIENCE = 0.25  # seconds the tests give it
DEMONSTRATION = DemonstrationStudentSystem()


@dataclass
class Odd:
    """What is answered instead, to the next `times` questions (always where it is None)."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/xml; charset=utf-8"
    silence: threading.Event | None = None
    drips: bool = False
    times: int | None = None


@dataclass
class Speaking:
    """What a test sees of the server."""

    url: str
    odd: Odd | None = None
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    wishes: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    documents: dict[tuple[str, str], bytes] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def apogee(self) -> WireSettings:
        return WireSettings(
            url=f"{self.url}/ws/services",
            user=USER,
            password=PASSWORD,
            headers={"X-Gateway": "key"},
            seconds=PATIENCE * 8,
            tries=1,
            ine_url=f"{self.url}/ines",
            documents_url=f"{self.url}/pj",
            management_centre="CG1",
        )

    @property
    def pegase(self) -> WireSettings:
        return replace(
            self.apogee,
            url=f"{self.url}/pegase/{{module}}",
            auth_url=f"{self.url}/cas/v1/tickets",
            institution=INSTITUTION,
        )

    def answer(self, recorded: str, **fields: Any) -> None:
        """Answer with a recorded exchange from now on."""
        kind = "text/html" if recorded.endswith(".html") else "text/xml; charset=utf-8"
        body = (RECORDED / recorded).read_bytes()
        self.odd = Odd(**{"body": body, "media_type": kind, **fields})


@contextmanager
def running() -> Iterator[Speaking]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.speaking = Speaking(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.speaking
    finally:
        server.speaking.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    server: Any

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        speaking: Speaking = self.server.speaking
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length)
        parts = urlsplit(self.path)
        speaking.asked.append(parts.path)
        speaking.bodies.append(content)
        odd = speaking.odd
        if odd is not None and not parts.path.startswith("/cas/"):
            if odd.times is not None:
                odd.times -= 1
                speaking.odd = odd if odd.times else None
            self._oddly(odd)
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        form = {name: values[0] for name, values in parse_qs(content.decode("latin-1")).items()}
        for prefix, speak in DIALECTS.items():
            if parts.path.startswith(prefix):
                place = parts.path.removeprefix(prefix)
                self._say(*speak(speaking, self, place, query or form, content))
                return
        self._say(404, "text/plain", b"nothing here")

    def _oddly(self, odd: Odd) -> None:
        if odd.silence is not None:
            odd.silence.wait(5)
        self.send_response(odd.status)
        self.send_header("Content-Type", odd.media_type)
        self.end_headers()
        try:
            if odd.drips:
                self._drip(odd.body)
            else:
                self.wfile.write(odd.body)
        except OSError:
            pass  # who asked has gone

    def _drip(self, body: bytes) -> None:
        for place in range(len(body)):
            self.wfile.write(body[place : place + 1])
            self.wfile.flush()
            if self.server.speaking.ended.wait(PATIENCE / 3):
                return

    def _say(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_let_in(self) -> bool:
        signed = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {signed}"


# -- Apogée: SOAP ----------------------------------------------------------------------------------
def _soap(speaking: Speaking, handler: Handler, place: str, _asked: Any, content: bytes) -> Said:
    if not handler.is_let_in():
        return 401, "text/plain", b"who are you?"
    if not content:
        return 200, "text/xml; charset=utf-8", description_of(place)
    root = etree.fromstring(content)
    called = root[1][0]
    operation = etree.QName(called).localname
    assert etree.QName(called).namespace == NAMESPACE.format(place)
    asked = {etree.QName(node).localname: _read(node) for node in called}
    try:
        returned = OPERATIONS[operation](speaking, asked)
    except Fault as fault:
        return 500, "text/xml; charset=utf-8", fault_of(fault.code, fault.words)
    return 200, "text/xml; charset=utf-8", envelope_of(place, operation, returned)


def description_of(service: str) -> bytes:
    """Its WSDL, as far as it is read: the operations it has, each named twice."""
    space = 'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"'
    named = "".join(f'<wsdl:operation name="{name}"/>' for name in OPERATIONS)
    return (
        f'<wsdl:definitions {space} name="{service}"><wsdl:portType name="p">{named}'
        f'</wsdl:portType><wsdl:binding name="b">{named}</wsdl:binding></wsdl:definitions>'
    ).encode()


def _read(node: Any) -> Any:
    """A node as it was told: text, a mapping, or a list of items; None where it is nil."""
    if node.get(f"{{{INSTANCE}}}nil") == "true":
        return None
    if not len(node):
        return node.text or ""
    names = {etree.QName(child).localname for child in node}
    if names == {"item"}:
        return [_read(child) if len(child) else {} for child in node]
    return {etree.QName(child).localname: _read(child) for child in node}


def envelope_of(service: str, operation: str, returned: list[Any]) -> bytes:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    space = NAMESPACE.format(service)
    answer = etree.SubElement(body, f"{{{space}}}{operation}Response", nsmap={None: space})
    for each in returned:
        _write(answer, f"{operation}Return", each, space)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _write(parent: Any, name: str, value: Any, space: str) -> None:
    child = etree.SubElement(parent, f"{{{space}}}{name}")
    if value is None:
        child.set(f"{{{INSTANCE}}}nil", "true")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _write(child, key, inner, space)
    elif isinstance(value, list):
        for inner in value:
            _write(child, "item", inner, space)
    else:
        child.text = str(value)


def fault_of(code: str, words: str) -> bytes:
    return (
        f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>soapenv:Server</faultcode><faultstring>{code}</faultstring><detail>"
        f"<WebBaseException><lastErrorMsg>{words}</lastErrorMsg></WebBaseException>"
        "</detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    ).encode()


def _identifiers(_speaking: Speaking, asked: dict[str, Any]) -> list[Any]:
    row = record("student_number", asked["_codEtu"]) or record("ine", asked["_numINE"])
    if row is None:
        raise Fault("technical.data.nullretrieve.etudiant", "Etudiant inexistant")
    return [
        {
            "codEtu": row["student_number"],
            "codInd": f"1{row['student_number']}",
            "emailAnnuaire": row.get("email"),
            "numeroINE": row.get("ine"),
        }
    ]


def _administrative(_speaking: Speaking, asked: dict[str, Any]) -> list[Any]:
    row = record("student_number", asked["_codEtu"])
    if row is None:
        raise Fault("technical.data.nullretrieve.etudiant", "Etudiant inexistant")
    known = row.get("baccalaureate")
    return [
        {
            # As Java says midnight in Paris.
            "dateNaissance": f"{row['born_on']}T00:00:00.000+02:00",
            "departementNaissance": {
                "codeDept": apogee_department(row.get("birth_department", ""))
            },
            "libVilleNaissance": row.get("birth_city"),
            "listeBacs": [_older_baccalaureate(), _baccalaureate(known)] if known else None,
            "nationaliteDTO": {"codeNationalite": apogee_country(row["nationality"])},
            "nomPatronymique": row["birth_name"],
            "nomUsuel": row.get("usual_name"),
            "paysNaissance": {"codPay": apogee_country(row["birth_country"])},
            "prenom1": row["first_name"],
            "prenom2": row.get("other_first_name"),
            "sexe": sex(row["civility"]),
        }
    ]


def _older_baccalaureate() -> dict[str, Any]:
    return {"anneeObtentionBac": "1999", "codBac": "0000"}


def _baccalaureate(known: dict[str, Any]) -> dict[str, Any]:
    options = dict(zip(range(1, 5), [*known.get("options", ()), *(None,) * 4], strict=False))
    return {
        "anneeObtentionBac": known["year"],
        "codBac": known["series"],
        "codSpe1Bac": known.get("speciality_1"),
        "codSpe2Bac": known.get("speciality_2"),
        "codSpeBacPre": known.get("speciality_dropped"),
        **{f"codOpt{number}Bac": code for number, code in options.items()},
        "departementBac": {"codeDept": apogee_department(known.get("department", ""))},
        "etbBac": {"codeEtb": known.get("school")},
        "mentionBac": {"codMention": known.get("honours")},
    }


def _addresses(_speaking: Speaking, asked: dict[str, Any]) -> list[Any]:
    row = record("student_number", asked["_codEtu"])
    if row is None or not (row.get("address") or row.get("mobile") or row.get("phone")):
        raise Fault("technical.data.nullretrieve.findIAA", "Pas d'inscription")
    known = row.get("address")
    address = known and {
        "commune": {"codeInsee": known.get("commune"), "codePostal": known.get("postcode")},
        "libAd1": known["line_1"],
        "libAd2": known.get("line_2"),
        "libAd3": known.get("line_3"),
        "libAde": known.get("foreign_city"),
        "numTel": row.get("phone"),
        "pays": {"codPay": apogee_country(known["country"])},
    }
    return [{"adresseAnnuelle": address, "adresseFixe": None, "numTelPortable": row.get("mobile")}]


def _results(_speaking: Speaking, asked: dict[str, Any]) -> list[Any]:
    row = record("student_number", asked["_codEtu"])
    if row is None or not row.get("studies"):
        raise Fault("technical.data.nullretrieve.findIAA", "Pas d'inscription")
    return [{"etapes": [_step(year)]} for year in row["studies"]]


def _step(year: dict[str, str]) -> dict[str, Any]:
    code, _dash, version = year["code"].partition("-")
    label, _dash, session = year["label"].partition(" - ")
    result = {
        "barNotVet": year.get("scale"),
        "mention": {"libMen": year.get("honours")},
        "notVet": year.get("mark"),
        "session": {"libSes": session},
        "typResultat": {"libTre": year.get("result")},
    }
    return {
        "codAnu": year["year"].partition("-")[0],
        "etape": {"codEtp": code, "codVrsVet": version, "libWebVet": label},
        "resultatVet": [result] if year.get("result") else None,
    }


def _offer(_speaking: Speaking, asked: dict[str, Any]) -> list[Any]:
    assert asked["seCritere"]["temOuvertRecrutement"] == "O"
    return [
        {
            "codDip": each.diploma,
            "listVersionDiplome": [
                {
                    "codVrsVdi": each.diploma_version,
                    "offreFormation": {"listEtape": [_offered_step(each)]},
                }
            ],
        }
        for each in offered()
    ]


def _offered_step(each: Any) -> dict[str, Any]:
    version = {
        "codVrsVet": each.version,
        "libWebVet": each.label,
        "listCentreGestion": [{"codCentreGestion": "CG7"}],
    }
    return {"codEtp": each.code, "listVersionEtape": [version]}


def _series(_speaking: Speaking, _asked: dict[str, Any]) -> list[Any]:
    return [{"codBac": "NBGE", "libBac": "Baccalauréat général"}]


def _regimes(_speaking: Speaking, _asked: dict[str, Any]) -> list[Any]:
    return [{"codRegIns": "1", "libRegIns": "Formation initiale"}]


def _pre_enrolment(speaking: Speaking, asked: dict[str, Any]) -> list[Any]:
    told = asked["_donneesOpi"]
    code = told["individu"]["codOpiIntEpo"]
    wishes = [wish for wish in told["voeux"] if wish]
    known = {each.code for each in offered()}
    for wish in wishes:
        if wish["codEtp"] not in known:
            raise Fault("technical.data.nullretrieve.vet", f"VET inconnue : {wish['codEtp']}")
    speaking.people[code] = told
    speaking.wishes[code] = wishes
    return []


def _document(speaking: Speaking, asked: dict[str, Any]) -> list[Any]:
    if asked["_codOPI"] == "UNKNOWN":
        raise Fault("technical.data.nullretrieve.opi", "OPI inconnu")
    key = asked["_codOPI"], asked["_codPJ"]
    speaking.documents[key] = base64.b64decode(asked["_fichier"])
    return []


OPERATIONS: dict[str, Callable[[Speaking, dict[str, Any]], list[Any]]] = {
    "recupererIdentifiantsEtudiant_v2": _identifiers,
    "recupererInfosAdmEtu_v4": _administrative,
    "recupererAdressesEtudiant_v2": _addresses,
    "recupererContratPedagogiqueResultatVdiVet_v2": _results,
    "recupererSE_v4": _offer,
    "recupererBacOuEquWS": _series,
    "recupererRegimeInscription": _regimes,
    "mettreajourDonneesOpi_v10": _pre_enrolment,
    "recupererPiecesJustificativesOPIWS": _document,
}


# -- Apogée: documents and the INE -----------------------------------------------------------------
def _documents(
    _speaking: Speaking, _handler: Handler, place: str, asked: dict[str, str], _body: bytes
) -> Said:
    row = record("student_number", asked["codEtu"])
    if row is None:
        error = {"errorMsg": "technical.data.nullretrieve.etudiantinexistant"}
        return 500, "application/json", json.dumps(error).encode()
    held = [
        each
        for each in DEMONSTRATION.held_documents(row["student_number"])
        if each.code == asked["codTpj"]
    ]
    if place == "info":
        return said([line for each in held for line in _information(each)])
    same = [each for each in held if each.year == asked["codAnu"]]
    if not same:
        return 404, "text/plain", b""
    content = DEMONSTRATION.document_content(row["student_number"], same[0])
    return 200, "application/pdf", content


def _information(each: Any) -> list[dict[str, Any]]:
    """The document itself, and what is not to be taken: an older one, one refused since."""
    line = {
        "codAnu": each.year,
        "datExp": each.expires_on.isoformat() if each.expires_on else None,
        "libTpj": each.name,
        "nomFic": f"{each.code}.pdf",
        "stuPj": "Valide",
        "temDemPJ": True,
    }
    older = {**line, "codAnu": "1998", "libTpj": "Ancienne"}
    return [older, line, {**line, "codAnu": "2099", "stuPj": "Refusee"}]


def _ines(
    _speaking: Speaking, _handler: Handler, place: str, asked: dict[str, str], _body: bytes
) -> Said:
    is_known = place == "v1/check-ine" and f"{asked['ine']}{asked['cle']}" == KNOWN_INE
    return 200, "application/json", b"true" if is_known else b"false"


DIALECTS: dict[str, Callable[..., Said]] = {
    "/ws/services/": _soap,
    "/pj/": _documents,
    "/ines/": _ines,
    "/cas/v1/tickets": tickets,
    "/pegase/": pegase,
}
