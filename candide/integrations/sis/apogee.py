"""Apogée by AMUE's web services: EtudiantMetier, PedagogiqueMetier, OffreFormationMetier,
ScolariteMetier, ReferentielMetier, OpiMetier (SOAP), the documents of students and the check of an
INE (REST) [5.1–5.7.2].

Apogée writes countries with three digits and départements with three characters; both are ours
here, and theirs on the wire. What it keeps of places and schools is not read: the public lists know
them better (docs/reference-data.md).
"""

import base64
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache

from candide.core.text import fold
from candide.integrations.sis import apogee_opi, apogee_services, soap
from candide.integrations.sis.apogee_codes import civility, country, department, split_ine
from candide.integrations.sis.none import NoStudentSystem
from candide.integrations.sis.port import (
    Enrolling,
    HandedOver,
    HeldDocument,
    Nomenclatures,
    OfferedProgramme,
    Student,
    StudentAddress,
    StudentBaccalaureate,
    StudiesYear,
    Unavailable,
    Verdict,
    Wish,
)
from candide.integrations.sis.soap import Fault, inside, items, text
from candide.integrations.sis.wire import Answer, Garbled, Wire, WireSettings, deployed, text_of

MOST_FOUND = 50
OFFER, OFFER_SECONDS = "sis-apogee-offer", 3600
SOAP_STATUS = {200, 500}  # a fault comes with 500
PARIS = ZoneInfo("Europe/Paris")
DEFAULT_FRANCE = "99100"
VALID = "V"  # the status of a document that was looked at and found good


class ApogeeSystem(NoStudentSystem):
    knows_students = True
    people_at_once = 1
    takes_documents = True
    knows_programmes = True
    reference_source = "apogee"

    def __init__(self, settings: WireSettings | None = None) -> None:
        self.settings = settings or deployed()
        self.wire = Wire("apogee", self.settings)

    # -- Students ------------------------------------------------------------------------------
    def student_by_number(self, student_number: str) -> Student | None:
        number = student_number.strip()
        return self._student("student_by_number", _codEtu=number) if number else None

    def student_by_ine(self, ine: str) -> Student | None:
        ine = ine.strip().upper()
        return self._student("student_by_ine", _numINE=ine) if ine else None

    def _student(self, call: str, **key: str) -> Student | None:
        asked = {
            **dict.fromkeys(("_codEtu", "_codInd", "_numINE", "_numBoursier", "_codOPI")),
            **dict.fromkeys(("_nom", "_prenom", "_dateNaiss")),
            "_temoinRecupAnnu": "O",  # with the address the institution gave
            **key,
        }
        known = self._one(call, "EtudiantMetier", "recupererIdentifiantsEtudiant_v2", **asked)
        number = text(known, "codEtu") if known is not None else ""
        if not number:
            return None
        told = self._one(call, "EtudiantMetier", "recupererInfosAdmEtu_v4", _codEtu=number)
        if told is None:
            return None
        where = self._one(
            call,
            "EtudiantMetier",
            "recupererAdressesEtudiant_v2",
            _codEtu=number,
            _annee=None,
            _temoinRecupAnnu="N",
        )
        return _student_of(number, known, told, where)

    def studies(self, student_number: str) -> list[StudiesYear]:
        if not student_number.strip():
            return []
        found = self._many(
            "studies",
            "PedagogiqueMetier",
            "recupererContratPedagogiqueResultatVdiVet_v2",
            _codEtu=student_number.strip(),
            _codAnu="toutes",
            _sourceResultats="Apogee",
            _temoinTemEtaIae="T",
            _codEtp="toutes",
            _codElp="tous",
            _etatIae="E",
        )
        years = [year for node in found for year in _years_of(node)]
        return sorted(years, key=lambda year: (year.year, year.code))

    # -- Documents -----------------------------------------------------------------------------
    def held_documents(
        self, student_number: str, kinds: Collection[str] = ()
    ) -> list[HeldDocument]:
        """Apogée is asked about each kind; of each, the latest that is valid."""
        if not self.settings.documents_url or not student_number.strip():
            return []
        held = (self._held(student_number.strip(), kind) for kind in sorted(kinds))
        return [document for document in held if document is not None]

    def _held(self, student_number: str, kind: str) -> HeldDocument | None:
        rows = self._document_call(
            "held_documents", "info", {"codEtu": student_number, "codTpj": kind}, _rows
        )
        good = [row for row in rows or () if _is_good(row)]
        if not good:
            return None
        latest = max(good, key=lambda row: str(row.get("codAnu", "")))
        return HeldDocument(
            code=kind,
            year=str(latest.get("codAnu", "")),
            name=str(latest.get("libTpj") or latest["nomFic"])[:100],
            expires_on=_day(str(latest.get("datExp") or "")),
        )

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        asked = {"codAnu": document.year, "codEtu": student_number, "codTpj": document.code}
        content: bytes | None = None
        if self.settings.documents_url and student_number.strip():
            content = self._document_call("document_content", "fichier", asked, _file)
        if not content:
            raise LookupError(document.code)
        return content

    def _document_call(self, call: str, service: str, asked: dict[str, str], read: Any) -> Any:
        url = f"{self.settings.documents_url.rstrip('/')}/{service}"
        return self.wire.ask(call, "GET", url, params=asked, read=read, **self._sign())

    # -- The INE -------------------------------------------------------------------------------
    def check_ine(self, ine: str) -> bool | None:
        if not self.settings.ine_url:
            return None
        number, key = split_ine(ine)
        url = f"{self.settings.ine_url.rstrip('/')}/v1/check-ine"
        asked = {"type": "INES", "ine": number, "cle": key}
        found: bool = self.wire.ask("check_ine", "POST", url, data=asked, read=_yes_or_no)
        return found

    # -- Programmes ----------------------------------------------------------------------------
    def programmes(self, words: str) -> list[OfferedProgramme]:
        wanted = fold(words).split()
        if not wanted:
            return []
        found = [
            each
            for each in self._offered()
            if all(word in fold(f"{each.code}-{each.version} {each.label}") for word in wanted)
        ]
        return found[:MOST_FOUND]

    def _offered(self) -> list[OfferedProgramme]:
        """All that is open: Apogée gives the whole list, which is kept for an hour."""
        kept = cache.get(OFFER)
        if kept is None:
            criteria = {
                "codDip": "tous",
                "codElp": "aucun",
                "codEtp": "tous",
                "codVrsVdi": "tous",
                "codVrsVet": "tous",
                "temOuvertRecrutement": "O",
            }
            found = self._many(
                "programmes", "OffreFormationMetier", "recupererSE_v4", seCritere=criteria
            )
            kept = list(dict.fromkeys(each for node in found for each in _offers_of(node)))
            cache.set(OFFER, kept, OFFER_SECONDS)
        return kept

    # -- Nomenclatures -------------------------------------------------------------------------
    def nomenclatures(self) -> Nomenclatures:
        """What belongs to the institution and the services give."""
        series = self._many(
            "nomenclatures",
            "ScolariteMetier",
            "recupererBacOuEquWS",
            _codBac=None,
            _temoinEnService="O",
        )
        regimes = self._many(
            "nomenclatures",
            "ReferentielMetier",
            "recupererRegimeInscription",
            _codRegIns=None,
            _temoinEnService="O",
        )
        tables = {
            "series": [_named(node, "codBac", "libBac") for node in series],
            "study_regimes": [_named(node, "codRegIns", "libRegIns") for node in regimes],
        }
        return {name: rows for name, rows in tables.items() if rows}

    def versions(self) -> dict[str, str]:
        """Of each operation Candide calls, whether the service that is installed has it, as its own
        description (WSDL) says: nothing is looked up and nobody told of."""
        return apogee_services.versions(self.wire, self.settings.url, **self._sign())

    # -- Hand-over [5.7.1, 5.7.2] --------------------------------------------------------------
    def hand_over(self, people: Sequence[Enrolling], *, on: date, number: int) -> HandedOver:
        verdicts: dict[str, Verdict] = {}
        for each in people:
            verdicts |= self._told(each, on)
        return HandedOver(verdicts=verdicts, codes={each.file_number: each.code for each in people})

    def _told(self, each: Enrolling, on: date) -> dict[str, Verdict]:
        """Apogée keeps the wishes it was told last: each time all that stand are told. When it
        refuses them together, they are told one after the other, to know which it refuses."""
        whole = [self._with_centre(wish) for wish in each.wishes]
        standing = [wish for wish in whole if not wish.is_news and not wish.is_withdrawn]
        news = [wish for wish in whole if wish.is_news]
        gone = [wish for wish in news if wish.is_withdrawn]
        new = [wish for wish in news if not wish.is_withdrawn]
        verdicts = {wish.key: why for wish in new if (why := apogee_opi.refusal_of(wish))}
        new = [wish for wish in new if wish.key not in verdicts]
        refused = self._tell(each, [*standing, *new], on)
        if refused and new:
            verdicts |= self._tell_apart(each, standing, new, on)
            refused = self._tell(each, standing, on) if gone and not _taken(verdicts) else ""
        else:
            verdicts |= {wish.key: Verdict(is_accepted=True) for wish in new}
        outcome = Verdict(is_accepted=not refused, reason=refused)
        return {**verdicts, **{wish.key: outcome for wish in gone}}

    def _tell_apart(
        self, each: Enrolling, standing: list[Wish], new: list[Wish], on: date
    ) -> dict[str, Verdict]:
        taken, verdicts = list(standing), {}
        for wish in new:
            reason = self._tell(each, [*taken, wish], on)
            verdicts[wish.key] = Verdict(is_accepted=not reason, reason=reason)
            if not reason:
                taken.append(wish)
        return verdicts

    def _tell(self, each: Enrolling, wishes: list[Wish], on: date) -> str:
        """Why it was refused; empty when it was taken."""
        told = apogee_opi.told(each, wishes, on)
        said = self._call("hand_over", "OpiMetier", "mettreajourDonneesOpi_v10", _donneesOpi=told)
        return said.words[:300] if isinstance(said, Fault) else ""

    def _with_centre(self, wish: Wish) -> Wish:
        centre = wish.management_centre or self.settings.management_centre
        return replace(wish, management_centre=centre)

    def take_document(
        self, code: str, reference: str, kind: str, content: bytes, *, name: str, first_name: str
    ) -> None:
        said = self._call(
            "take_document",
            "PjOpiMetier",
            "recupererPiecesJustificativesOPIWS",
            _codOPI=code,
            _nom=apogee_opi.clean(name),
            _prenom=apogee_opi.clean(first_name),
            _codPJ=kind,
            _nomFichier=f"PJ_{kind}.pdf",
            _fichier=base64.b64encode(content).decode(),
        )
        if isinstance(said, Fault):
            raise LookupError(said.code)

    # -- Speaking ------------------------------------------------------------------------------
    def _many(self, call: str, service: str, operation: str, **parameters: Any) -> list[Any]:
        """What an operation returned: nothing where Apogée knows nothing of the kind."""
        found = self._call(call, service, operation, **parameters)
        return [] if isinstance(found, Fault) else found

    def _call(self, call: str, service: str, operation: str, **parameters: Any) -> Any:
        """What an operation returned, or the `Fault` with which Apogée answered."""

        def read(answer: Answer) -> Any:
            if answer.status not in SOAP_STATUS:
                raise Garbled(f"HTTP {answer.status}")
            try:
                return soap.answer(answer.content, operation)
            except Fault as fault:
                if fault.is_nothing_found or fault.is_refusal:
                    return fault
                raise Garbled(fault.code) from None

        return self.wire.ask(
            call,
            "POST",
            f"{self.settings.url.rstrip('/')}/{service}",
            content=soap.question(service, operation, parameters),
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
            read=read,
            **self._sign(),
        )

    def _one(self, call: str, service: str, operation: str, **parameters: Any) -> Any:
        return next(iter(self._many(call, service, operation, **parameters)), None)

    def _sign(self) -> dict[str, Any]:
        signed = (self.settings.user, self.settings.password)
        return {"auth": signed} if self.settings.user else {}


def _taken(verdicts: dict[str, Verdict]) -> bool:
    return any(verdict.is_accepted for verdict in verdicts.values())


# -- From their words to ours ----------------------------------------------------------------------
def _student_of(number: str, known: Any, told: Any, where: Any) -> Student:
    born = _day(text(told, "dateNaissance"))
    if born is None:
        raise Unavailable("a student without a date of birth")
    contacts = {} if where is None else _contacts(where)
    return Student(
        student_number=number,
        civility=civility(text(told, "sexe")),
        birth_name=text(told, "nomPatronymique"),
        usual_name=text(told, "nomUsuel"),
        first_name=text(told, "prenom1"),
        other_first_name=text(told, "prenom2"),
        born_on=born,
        birth_country=country(text(told, "paysNaissance/codPay")) or DEFAULT_FRANCE,
        birth_department=department(text(told, "departementNaissance/codeDept")),
        birth_city=text(told, "libVilleNaissance"),
        nationality=country(text(told, "nationaliteDTO/codeNationalite")) or DEFAULT_FRANCE,
        ine=text(known, "numeroINE").upper(),
        email=text(known, "emailAnnuaire") or contacts.pop("email", ""),
        baccalaureate=_baccalaureate_of(told),
        **{name: value for name, value in contacts.items() if name != "email"},
    )


def _contacts(where: Any) -> dict[str, Any]:
    """The annual address before the permanent one, with the telephones that come with it."""
    for name in ("adresseAnnuelle", "adresseFixe"):
        found = inside(where, name)
        if found is not None and text(found, "libAd1"):
            break
    else:
        found = None
    return {
        "address": _address_of(found) if found is not None else None,
        "phone": text(found, "numTel") if found is not None else "",
        "mobile": text(where, "numTelPortable"),
        "email": text(where, "email"),
    }


def _address_of(node: Any) -> StudentAddress:
    return StudentAddress(
        country=country(text(node, "pays/codPay")) or DEFAULT_FRANCE,
        line_1=text(node, "libAd1"),
        line_2=text(node, "libAd2"),
        line_3=text(node, "libAd3"),
        postcode=text(node, "commune/codePostal"),
        commune=text(node, "commune/codeInsee"),
        foreign_city=text(node, "libAde"),
    )


def _baccalaureate_of(told: Any) -> StudentBaccalaureate | None:
    rows = [
        node
        for node in items(told, "listeBacs")
        if text(node, "codBac") and text(node, "anneeObtentionBac").isdigit()
    ]
    if not rows:
        return None
    latest = max(rows, key=lambda node: int(text(node, "anneeObtentionBac")))
    options = (text(latest, f"codOpt{number}Bac") for number in range(1, 5))
    where = department(text(latest, "departementBac/codeDept"))
    return StudentBaccalaureate(
        series=text(latest, "codBac"),
        year=int(text(latest, "anneeObtentionBac")),
        honours=text(latest, "mentionBac/codMention"),
        country=DEFAULT_FRANCE if where else "",
        department=where,
        school=text(latest, "etbBac/codeEtb"),
        speciality_1=text(latest, "codSpe1Bac"),
        speciality_2=text(latest, "codSpe2Bac"),
        speciality_dropped=text(latest, "codSpeBacPre"),
        options=tuple(option for option in options if option),
    )


def _years_of(node: Any) -> Iterator[StudiesYear]:
    """A line for each session that has a result, one for a step that has none yet."""
    for step in items(node, "etapes"):
        year = text(step, "codAnu")
        label = text(step, "etape/libWebVet")
        plain = StudiesYear(
            year=f"{year}-{int(year) + 1}" if year.isdigit() else year,
            code=f"{text(step, 'etape/codEtp')}-{text(step, 'etape/codVrsVet')}",
            label=label,
        )
        results = list(items(step, "resultatVet"))
        for result in results:
            session = text(result, "session/libSes")
            yield replace(
                plain,
                label=f"{label} - {session}" if session else label,
                result=text(result, "typResultat/libTre"),
                honours=text(result, "mention/libMen"),
                mark=text(result, "notVet"),
                scale=text(result, "barNotVet"),
            )
        if not results:
            yield plain


def _offers_of(diploma: Any) -> Iterator[OfferedProgramme]:
    for version in items(diploma, "listVersionDiplome"):
        for step in items(version, "offreFormation/listEtape"):
            for offered in items(step, "listVersionEtape"):
                yield OfferedProgramme(
                    code=text(step, "codEtp"),
                    version=text(offered, "codVrsVet"),
                    label=text(offered, "libWebVet") or text(step, "libEtp"),
                    diploma=text(diploma, "codDip"),
                    diploma_version=text(version, "codVrsVdi"),
                    management_centre=_centre_of(offered),
                )


def _centre_of(offered: Any) -> str:
    """The management centre (« CGE »), where the version of the step has one alone."""
    found = {text(node, "codCentreGestion") for node in items(offered, "listCentreGestion")}
    return found.pop() if len(found) == 1 else ""


def _named(node: Any, code: str, name: str) -> dict[str, str]:
    return {"code": text(node, code), "name": text(node, name)}


def _day(written: str) -> date | None:
    """The day of a moment: midnight in Paris is 22 or 23 hours of the day before in Greenwich."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (moment.astimezone(PARIS) if moment.tzinfo else moment).date()


# -- Reading what is not SOAP ----------------------------------------------------------------------
def _rows(answer: Answer) -> list[Any]:
    """A list of objects."""
    if _knows_nothing(answer):
        return []
    if not answer.is_well:
        raise Garbled(f"HTTP {answer.status}")
    try:
        found = json.loads(text_of(answer.content))
    except ValueError:
        raise Garbled("no JSON") from None
    if not isinstance(found, list):
        raise Garbled("no list")
    return [row for row in found if isinstance(row, dict)]


def _is_good(row: dict[str, Any]) -> bool:
    """Given online, with a file, looked at and found good [5.4]."""
    is_online = row.get("temDemPJ") in {True, "true", "O"}
    return is_online and bool(row.get("nomFic")) and str(row.get("stuPj", "")).upper()[:1] == VALID


def _knows_nothing(answer: Answer) -> bool:
    """Nobody and nothing come as an error with a reason."""
    return answer.is_nothing or (not answer.is_well and b"nullretrieve" in answer.content)


def _file(answer: Answer) -> bytes | None:
    if _knows_nothing(answer):
        return None
    if not answer.is_well:
        raise Garbled(f"HTTP {answer.status}")
    if not answer.content.startswith(b"%PDF") and "html" in answer.media_type:
        raise Garbled("a page instead of a file")
    return answer.content


def _yes_or_no(answer: Answer) -> bool:
    said = text_of(answer.content).strip().strip('"').lower()
    if not answer.is_well or said not in {"true", "false"}:
        raise Garbled(f"HTTP {answer.status}" if not answer.is_well else "neither yes nor no")
    return said == "true"
