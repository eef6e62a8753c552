"""What stands on the screen, in the languages one can walk in. The French words are the guides'."""

from dataclasses import dataclass

from tests.browser.walks import told


@dataclass(frozen=True)
class Words:
    locale: str
    create: str
    create_mine: str
    activate: str
    sign_in: str
    login: str
    password: str
    last_name: str
    first_name: str
    email: str
    email_again: str
    password_again: str
    following: str
    nationality: str
    yes: str
    no: str
    mrs: str
    birth_name: str
    given_name: str
    born_on: str
    birth_department: str
    birth_city: str
    mobile: str
    postcode: str
    town: str
    address: str
    holding: str
    year: str
    series: str
    services: str
    department: str
    school: str
    speciality: str
    programmes: str
    search_for: str
    search: str
    apply: str
    yes_apply: str
    files_for: str
    send: str
    submitted: str
    not_concerned: str
    not_concerned_by: str
    save: str
    saved: str
    transmit: str
    received: str
    confirm: str
    confirmed: str
    applications: str
    update_list: str
    menu: str
    my_file: str
    identity: str
    ine_unknown: str
    open: str


FRENCH = Words(
    locale="fr-FR",
    create="Créer un compte",
    create_mine="Créer mon compte",
    activate="Activer mon compte",
    sign_in="Connexion",
    login="Identifiant (numéro de dossier ou adresse mail)",
    password="Mot de passe",
    last_name="Nom",
    first_name="Prénom",
    email="Adresse mail",
    email_again="Confirmation de l'adresse mail",
    password_again="Confirmation du mot de passe",
    following="Suivant",
    nationality="Nationalité",
    yes="Oui",
    no="Non",
    mrs="Mme",
    birth_name="Nom patronymique",
    given_name="Prénom",
    born_on="Date de naissance",
    birth_department="Département de naissance",
    birth_city="Ville de naissance",
    mobile="Téléphone portable",
    postcode="Code postal",
    town="Commune",
    address="Adresse",
    holding="J'ai le bac ou une équivalence",
    year="Année d'obtention",
    series="Série du bac ou équivalence",
    services=told.SERIES,
    department="Département",
    school="Établissement",
    speciality="Spécialité terminale {}",
    programmes="Offre de formation",
    search_for="Rechercher une formation",
    search="Rechercher",
    apply="Candidater",
    yes_apply="Oui, candidater",
    files_for="Fichiers pour « {} »",
    send="Envoyer",
    submitted="Transmise",
    not_concerned="Non concerné",
    not_concerned_by="Non concerné par cette pièce",
    save="Enregistrer",
    saved="Enregistré",
    transmit="Transmettre ma candidature",
    received="Réceptionné",
    confirm="Confirmer ma candidature",
    confirmed="Confirmée",
    applications="Candidatures",
    update_list="Actualiser la liste",
    menu="Menu",
    my_file="Mon dossier",
    identity="Informations personnelles",
    ine_unknown="Votre INE est inconnu de notre système, voulez-vous continuer ?",
    open="Ouvrir",
)


ENGLISH = Words(
    locale="en-GB",
    create="Create an account",
    create_mine="Create my account",
    activate="Activate my account",
    sign_in="Sign in",
    login="File number or e-mail address",
    password="Password",
    last_name="Last name",
    first_name="First name",
    email="E-mail address",
    email_again="Confirm the e-mail address",
    password_again="Confirm the password",
    following="Next",
    nationality="Nationality",
    yes="Yes",
    no="No",
    mrs="Mrs",
    birth_name="Birth name",
    given_name="First name",
    born_on="Date of birth",
    birth_department="Département of birth",
    birth_city="Town of birth",
    mobile="Mobile telephone",
    postcode="Postcode",
    town="Town",
    address="Address",
    holding="I have the baccalauréat or an equivalent",
    year="Year obtained",
    series="Series of the baccalauréat, or equivalent",
    services="Vocational baccalauréat - services",
    department="Département",
    school="School",
    speciality="Speciality in the final year, {}",
    programmes="Programmes",
    search_for="Search for a programme",
    search="Search",
    apply="Apply",
    yes_apply="Yes, apply",
    files_for="Files for “{}”",
    send="Send",
    submitted="Submitted",
    not_concerned="Not concerned",
    not_concerned_by="Not concerned by this document",
    save="Save",
    saved="Saved",
    transmit="Transmit my application",
    received="Received",
    confirm="Confirm my application",
    confirmed="Confirmed",
    applications="Applications",
    update_list="Update the list",
    menu="Menu",
    my_file="My file",
    identity="Personal information",
    ine_unknown="Your INE is unknown to our system. Do you want to go on?",
    open="Open",
)
