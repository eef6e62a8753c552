"""Many keys as one parameter, on either database."""

import pytest

from candide.core.keys import ByKey, Keys
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Intake
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import IntakeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("places", [[], [1], [0, 2]])
def test_keys_find_their_rows_and_no_others(places):
    users = UserFactory.create_batch(3)
    wanted = [users[place].pk for place in places]

    assert {user.pk for user in User.objects.filter(pk__in=Keys(wanted))} == set(wanted)


def test_keys_are_one_parameter():
    sql, parameters = User.objects.filter(pk__in=Keys(range(1000))).query.sql_with_params()

    assert (sql.count("%s"), len(parameters)) == (1, 1)


def test_each_row_gets_the_number_at_its_key():
    first, second, other = IntakeFactory.create_batch(3, capacity=9)

    Intake.objects.update(capacity=ByKey({first.pk: 1, second.pk: 20, other.pk + 1: 3}))

    capacities = dict(Intake.objects.values_list("pk", "capacity"))
    assert capacities == {first.pk: 1, second.pk: 20, other.pk: None}
