"""Kinds of mails and outcomes name each other."""

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.decision_mails import decision_kinds
from candide.admissions.decisions.domain.outcomes import POLICIES


def test_mail_of_an_outcome_looks_for_decisions_of_that_outcome():
    assert {POLICIES[outcome].mail.outcome: outcome for outcome in Outcome} == {
        outcome: outcome for outcome in Outcome
    }
    assert len(decision_kinds()) == len(Outcome)
