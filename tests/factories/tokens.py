from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from candide.institution.tokens import models
from candide.institution.tokens.domain.making import digest_of
from candide.institution.tokens.enums import Scope

MADE_AT = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)


class TokenFactory(DjangoModelFactory):
    """For everything, everywhere; its secret is `secret-<mark>`. `centres` narrows it."""

    class Meta:
        model = models.Token
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Application {n}")
    scopes = factory.LazyFunction(lambda: list(Scope.values))
    is_everywhere = True
    expires_on = date(2027, 12, 31)
    mark = factory.Sequence(lambda n: f"{n:08x}")
    digest = factory.LazyAttribute(lambda token: digest_of(f"secret-{token.mark}"))
    made_at = MADE_AT

    @factory.post_generation
    def centres(self, create: bool, extracted: Any, **_: Any) -> None:
        if extracted:
            self.centres.set(extracted)


def bearer(token: models.Token) -> dict[str, str]:
    """The headers with which a program comes in."""
    return {"Authorization": f"Bearer secret-{token.mark}"}
