"""What each outcome entails: one line a behaviour, nothing elsewhere asks which outcome it is."""

from dataclasses import dataclass

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions import mails


@dataclass(frozen=True)
class Policy:
    """`mail` announces the decision; `candidate_answers`: confirm or withdraw; `ranked`: needs a
    rank and waits on the reserve list; `needs_reason`; `has_appointment`: day, hour and place;
    `letter`: the template of its letter, if any."""

    mail: type[mails.DecisionMail]
    candidate_answers: bool = False
    ranked: bool = False
    needs_reason: bool = False
    has_appointment: bool = False
    letter: str = ""


POLICIES = {
    Outcome.FAVOURABLE: Policy(mail=mails.Favourable, candidate_answers=True, letter="admission"),
    Outcome.UNFAVOURABLE: Policy(mail=mails.Unfavourable, needs_reason=True, letter="refusal"),
    Outcome.RESERVE_LIST: Policy(mail=mails.ReserveList, ranked=True),
    Outcome.WAITING_LIST: Policy(mail=mails.WaitingList),
    Outcome.SHORTLISTED: Policy(mail=mails.Shortlisted, has_appointment=True),
}

ANSWERED_OUTCOMES = [outcome for outcome, policy in POLICIES.items() if policy.candidate_answers]
RANKED_OUTCOMES = [outcome for outcome, policy in POLICIES.items() if policy.ranked]


def policy_of(outcome: str) -> Policy:
    """The policy of an outcome's value."""
    return POLICIES[Outcome(outcome)]
