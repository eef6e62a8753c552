"""Tokens: made, shown once, with the reach of their scopes in their centres, revoked."""

from datetime import date, timedelta

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.tokens.domain.coming_in import (
    GRANTED,
    NOTED_EVERY,
    Program,
    live_token,
    note_use,
)
from candide.institution.tokens.domain.making import (
    LASTS_AT_MOST,
    Wish,
    make_token,
    making_blockers,
    revoke_token,
)
from candide.institution.tokens.domain.once import KEPT, KeyReused, old_answers, once
from candide.institution.tokens.enums import Scope, TokenEvent
from candide.institution.tokens.models import KeptAnswer, LastUse
from tests.factories.access import ada
from tests.factories.catalogue import TODAY, ApplicationCentreFactory
from tests.factories.tokens import TokenFactory

pytestmark = pytest.mark.django_db


def wish(**fields):
    usual = {"scopes": (Scope.READ_APPLICATIONS,), "expires_on": TODAY, "is_everywhere": True}
    return Wish(name="Scolarité", **{**usual, **fields})


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"scopes": ()}, ["no_scope"]),
        ({"is_everywhere": False}, ["no_reach"]),
        ({"expires_on": TODAY - timedelta(days=1)}, ["past"]),
        ({"expires_on": TODAY + LASTS_AT_MOST}, []),
        ({"expires_on": TODAY + LASTS_AT_MOST + timedelta(days=1)}, ["too_long"]),
    ],
)
def test_making_blockers(fields, codes):
    assert [blocker.code for blocker in making_blockers(wish(**fields), today=TODAY)] == codes


def test_a_token_is_of_centres_or_of_everything():
    both = wish(centres=(ApplicationCentreFactory(),))

    assert [blocker.code for blocker in making_blockers(both, today=TODAY)] == ["two_reaches"]


def test_the_secret_is_told_once_and_not_kept(now):
    administrator, centre = ada(), ApplicationCentreFactory()
    asked = wish(is_everywhere=False, centres=(centre,))

    token, secret = make_token(asked, by=administrator, now=now)

    assert live_token(secret, now=now) == token
    assert secret not in str(vars(token))
    assert secret.startswith(f"candide_{token.mark}_")
    assert list(token.centres.all()) == [centre]
    (entry,) = entries_about(token)
    assert (entry.event, entry.by_id) == (TokenEvent.MADE, administrator.pk)
    assert entry.data["centres"] == [centre.pk]


def test_what_is_refused_makes_nothing(now):
    with pytest.raises(Refused):
        make_token(wish(scopes=()), by=ada(), now=now)


def test_a_token_opens_until_its_last_day_or_until_it_is_revoked(now):
    token = TokenFactory(expires_on=date(2027, 3, 15))
    secret = f"secret-{token.mark}"

    assert live_token(secret, now=now) == token
    assert live_token(secret, now=now + timedelta(days=1)) is None
    assert live_token("", now=now) is None
    assert live_token("x" * 500, now=now) is None
    revoke_token(token, by=ada(), now=now)
    assert live_token(secret, now=now) is None
    with pytest.raises(Refused) as refusal:
        revoke_token(token, by=ada(), now=now)
    assert refusal.value.codes == ["revoked"]


@pytest.mark.parametrize("scope", Scope)
def test_each_scope_reaches_no_further_than_it_says(scope):
    centre = ApplicationCentreFactory()
    token = TokenFactory(scopes=[scope], is_everywhere=False, centres=[centre])
    program = Program(token)

    held = {
        (capability, write)
        for capability in Capability
        for write in (False, True)
        if reach_of(program, capability, write=write)
    }

    wanted = set(GRANTED[scope])
    assert held == wanted | {(capability, False) for capability, _write in wanted}
    for capability, write in held:
        reach = reach_of(program, capability, write=write)
        assert (reach.everywhere, reach.centres) == (False, {centre.pk})
    assert [each for each in Scope if program.may(each)] == [scope]


def test_a_token_without_centres_reaches_nothing():
    program = Program(TokenFactory(is_everywhere=False))

    assert not any(reach_of(program, capability) for capability in Capability)
    assert not program.has_perm("staff.enter")


def test_the_last_use_is_noted_now_and_then(now):
    token = TokenFactory()

    for moment in (now, now + NOTED_EVERY / 2, now + NOTED_EVERY):
        note_use(live_token(f"secret-{token.mark}", now=now), now=moment)

    assert LastUse.objects.get(token=token).at == now + NOTED_EVERY


def test_the_same_again_is_done_once_and_answered_the_same(now):
    token, done = TokenFactory(), []

    def act():
        done.append(1)
        return {"n": len(done)}

    told = [once(act, token=token, key="k", asked={"a": 1}, now=now) for _ in range(2)]
    other = once(act, token=TokenFactory(), key="k", asked={"a": 1}, now=now)

    assert [(each.body, each.is_repeated) for each in told] == [
        ({"n": 1}, False),
        ({"n": 1}, True),
    ]
    assert other.body == {"n": 2}


def test_a_key_stands_for_one_thing(now):
    token = TokenFactory()
    once(dict, token=token, key="k", asked={"a": 1}, now=now)

    with pytest.raises(KeyReused) as refusal:
        once(dict, token=token, key="k", asked={"a": 2}, now=now)

    assert refusal.value.codes == ["key_reused"]


def test_of_two_at_once_the_second_gets_the_answer_of_the_first(now, monkeypatch):
    """The row is not there yet when it is looked for, and is when it is made."""
    token = TokenFactory()
    once(lambda: {"n": 1}, token=token, key="k", asked={}, now=now)
    objects = type(KeptAnswer.objects)
    monkeypatch.setattr(objects, "filter", lambda self, **_: self.none())

    told = once(lambda: {"n": 2}, token=token, key="k", asked={}, now=now)

    assert (told.body, told.is_repeated) == ({"n": 1}, True)


def test_what_was_refused_may_be_tried_again(now):
    token = TokenFactory()

    def refuse():
        raise Refused([])

    with pytest.raises(Refused):
        once(refuse, token=token, key="k", asked={}, now=now)

    assert once(dict, token=token, key="k", asked={}, now=now).is_repeated is False


def test_kept_answers_are_forgotten(now):
    token = TokenFactory()
    for key, at in (("old", now - KEPT - timedelta(minutes=1)), ("new", now)):
        once(dict, token=token, key=key, asked={}, now=at)

    assert [kept.key for kept in old_answers(now=now)] == ["old"]
