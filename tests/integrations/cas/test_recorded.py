"""Answers of CAS servers as they were recorded, and as nobody would wish them."""

import httpx
import pytest
import respx

from candide.integrations import cas
from candide.integrations.cas import CasPerson, CasServer, Refused, Unavailable, ended_ticket
from candide.integrations.fetching import is_loopback

HERE = "https://cas.univ.example/cas"
SERVICE = "https://candidatures.univ.example/compte/universite/cas/valmont/?state=abc"
ANSWER = "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>{}</cas:serviceResponse>"
SUCCESS = ANSWER.format("<cas:authenticationSuccess>{}</cas:authenticationSuccess>")
BTRAN = "<cas:user>btran</cas:user>"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
READS_A_FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


def answered(text, *, version="3", status=200):
    """What we make of an answer."""
    path = "p3/serviceValidate" if version == "3" else "serviceValidate"
    body = text if isinstance(text, bytes) else text.encode()
    with respx.mock:
        asked = respx.get(f"{HERE}/{path}", params={"ticket": "ST-1", "service": SERVICE})
        asked.respond(status, content=body)
        return cas.validate(CasServer(url=HERE, version=version), "ST-1", SERVICE)


def test_cas_2_gives_a_login_alone():
    text = SUCCESS.format(
        f"\n  {BTRAN}\n  <cas:proxyGrantingTicket>PGTIOU</cas:proxyGrantingTicket>"
    )

    assert answered(text, version="2") == CasPerson(login="btran")


def test_attributes_are_read_each_by_its_first_value():
    said = (
        "<cas:attributes><cas:mail>bao@univ.example</cas:mail><cas:sn>TRAN</cas:sn>"
        "<cas:affiliation>member</cas:affiliation><cas:affiliation>staff</cas:affiliation>"
        "<cas:empty/></cas:attributes>"
    )

    assert answered(SUCCESS.format(BTRAN + said)) == CasPerson(
        login="btran",
        attributes={"mail": "bao@univ.example", "sn": "TRAN", "affiliation": "member"},
    )


def test_comments_and_character_data_are_harmless():
    text = SUCCESS.format("<!-- none --><cas:user><![CDATA[btran]]></cas:user>")

    assert answered(text) == CasPerson(login="btran")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            ANSWER.format(
                "<cas:authenticationFailure code='INVALID_TICKET'>no</cas:authenticationFailure>"
            ),
            id="replayed",
        ),
        pytest.param(
            ANSWER.format(
                "<cas:authenticationFailure code='INVALID_SERVICE'>no</cas:authenticationFailure>"
            ),
            id="for another service",
        ),
        pytest.param(BOMB + SUCCESS.format("<cas:user>&i;</cas:user>"), id="bomb"),
        pytest.param(READS_A_FILE + SUCCESS.format("<cas:user>&f;</cas:user>"), id="file"),
        pytest.param(
            ("<!DOCTYPE x>" + SUCCESS.format(BTRAN)).encode("utf-16"), id="in another encoding"
        ),
        pytest.param(SUCCESS.format("<cas:user>b\0tran</cas:user>"), id="NUL"),
        pytest.param(SUCCESS.format(f"<cas:user>{'b' * 151}</cas:user>"), id="long login"),
        pytest.param(SUCCESS.format("<cas:user>b\ntran</cas:user>"), id="two lines"),
        pytest.param(SUCCESS.format("<cas:user> </cas:user>"), id="no login"),
        pytest.param(SUCCESS.format(""), id="nobody"),
        pytest.param("yes\nbtran\n", id="CAS 1"),
        pytest.param("<html><body>Maintenance</body></html>", id="page"),
        pytest.param("<x/>", id="nothing in it"),
        pytest.param("<authenticationSuccess><user>b</user></authenticationSuccess>", id="bare"),
        pytest.param("", id="empty"),
        pytest.param("a" * 100_001, id="without end"),
    ],
)
def test_what_vouches_for_nobody_is_refused(text):
    with pytest.raises(Refused):
        answered(text)


@pytest.mark.parametrize("status", [302, 403, 500])
def test_server_that_does_not_answer_is_unavailable(status):
    with pytest.raises(Unavailable):
        answered(SUCCESS.format(BTRAN), status=status)


def test_silence_is_unavailable():
    with respx.mock:
        respx.get(url__startswith=HERE).mock(side_effect=httpx.ConnectTimeout)
        with pytest.raises(Unavailable):
            cas.validate(CasServer(url=HERE), "ST-1", SERVICE)


# -- Signing out there -----------------------------------------------------------------------------

LOGOUT = (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="1" Version="2.0">'
    "<saml:NameID xmlns:saml='urn:oasis:names:tc:SAML:2.0:assertion'>@NOT_USED@</saml:NameID>"
    "<samlp:SessionIndex>{}</samlp:SessionIndex></samlp:LogoutRequest>"
)


@pytest.mark.parametrize(
    ("request_", "ticket"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>' + LOGOUT.format("ST-1"), "ST-1"),
        (LOGOUT.format(" ST-1 "), "ST-1"),
        (LOGOUT.format(""), ""),
        (LOGOUT.replace("SessionIndex", "Other").format("ST-1"), ""),
        (BOMB + LOGOUT.format("&i;"), ""),
        (READS_A_FILE + LOGOUT.format("&f;"), ""),
        ("no XML", ""),
        ("", ""),
    ],
    ids=["declared", "spaces", "no ticket", "another element", "bomb", "file", "text", "nothing"],
)
def test_request_to_sign_out_names_a_ticket(request_, ticket):
    assert ended_ticket(request_) == ticket


@pytest.mark.parametrize(
    ("address", "is_here"),
    [("http://127.0.0.1:1/", True), ("http://localhost/", True), (HERE, False), ("x", False)],
)
def test_this_very_machine_is_known(address, is_here):
    assert is_loopback(address) is is_here
