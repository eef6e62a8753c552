"""Who signs people in beside us (« fournisseurs d'identité »): the OpenID Connect providers and CAS
servers of the institution, as the settings of the deployment name them."""

from dataclasses import dataclass, field

from django.conf import settings

PROVIDER = "institution"  # that of CANDIDE_OIDC_*


@dataclass(frozen=True, kw_only=True)
class AttributeNames:
    """What a provider calls what we read of a person: nothing else it says is looked at. `login`
    is what the directory knows staff by; empty: what they signed in as."""

    login: str = "preferred_username"
    first_name: str = "given_name"
    last_name: str = "family_name"
    email: str = "email"
    student_number: str = "supannEtuId"


@dataclass(frozen=True, kw_only=True)
class SignInProvider:
    """`is_for_staff`: its logins are those of the directory, so that one of them is proof of whose
    account of staff it is."""

    name: str
    label: str
    url: str
    is_cas: bool = False
    is_for_candidates: bool = True
    is_for_staff: bool = False
    names: AttributeNames = field(default_factory=AttributeNames)


def providers() -> list[SignInProvider]:
    """All of them, in the order they are offered."""
    found = []
    if settings.OIDC_ISSUER:
        names = AttributeNames(student_number=settings.OIDC_STUDENT_NUMBER_CLAIM)
        found.append(
            SignInProvider(
                name=PROVIDER,
                label=settings.OIDC_LABEL,
                url=settings.OIDC_ISSUER,
                names=names,
            )
        )
    return found + [
        SignInProvider(
            name=told["name"],
            label=told["label"],
            url=told["url"],
            is_cas=told["kind"] == "cas",
            is_for_candidates="candidates" in told["audience"],
            is_for_staff="staff" in told["audience"],
            names=AttributeNames(**told["names"]),
        )
        for told in settings.SIGN_IN
    ]


def find_provider(name: str) -> SignInProvider | None:
    return next((each for each in providers() if each.name == name), None)
