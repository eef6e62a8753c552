"""The states applications of the demonstration are in."""

import itertools
import random
from dataclasses import dataclass

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome

DRAFT = "draft"


@dataclass(frozen=True)
class State:
    """What an application is to look like. `calendar` names where its intake stands."""

    status: DossierStatus
    outcome: str
    calendar: str
    is_paperless: bool
    answer: str = ""
    is_cancelled: bool = False


def every_state() -> list[State]:
    """Every pair of status and outcome, in both procedures, before, on and after the deadline;
    then the answers to an offer and a cancelled application."""
    pairs = itertools.product(
        DossierStatus,
        ("", DRAFT, *Outcome),
        (True, False),
        ("open", "last_day", "examined"),
    )
    states = [
        State(status, outcome, calendar, paperless)
        for status, outcome, paperless, calendar in pairs
    ]
    for answer, calendar, paperless in itertools.product(
        ("", *CandidateAnswer), ("answering", "over"), (True, False)
    ):
        states.append(
            State(DossierStatus.COMPLETE, Outcome.FAVOURABLE, calendar, paperless, answer)
        )
    states += [
        State(DossierStatus.AWAITED, "", "open", paperless, is_cancelled=True)
        for paperless in (True, False)
    ]
    return states


# What a campaign looks like in each calendar: (weight, status, outcome, answer).
USUAL = {
    "open": (
        (45, DossierStatus.AWAITED, "", ""),
        (40, DossierStatus.RECEIVED, "", ""),
        (8, DossierStatus.INCOMPLETE, "", ""),
        (7, DossierStatus.COMPLETE, "", ""),
    ),
    "last_day": (
        (30, DossierStatus.AWAITED, "", ""),
        (60, DossierStatus.RECEIVED, "", ""),
        (10, DossierStatus.INCOMPLETE, "", ""),
    ),
    "examined": (
        (8, DossierStatus.AWAITED, "", ""),
        (22, DossierStatus.RECEIVED, "", ""),
        (6, DossierStatus.INCOMPLETE, "", ""),
        (44, DossierStatus.COMPLETE, "", ""),
        (20, DossierStatus.COMPLETE, DRAFT, ""),
    ),
    "answering": (
        (6, DossierStatus.AWAITED, "", ""),
        (4, DossierStatus.INCOMPLETE, "", ""),
        (45, DossierStatus.COMPLETE, Outcome.UNFAVOURABLE, ""),
        (15, DossierStatus.COMPLETE, Outcome.RESERVE_LIST, ""),
        (4, DossierStatus.COMPLETE, Outcome.WAITING_LIST, ""),
        (4, DossierStatus.COMPLETE, Outcome.SHORTLISTED, ""),
        (10, DossierStatus.COMPLETE, Outcome.FAVOURABLE, ""),
        (9, DossierStatus.COMPLETE, Outcome.FAVOURABLE, CandidateAnswer.ACCEPTED),
        (3, DossierStatus.COMPLETE, Outcome.FAVOURABLE, CandidateAnswer.WITHDRAWN),
    ),
    "over": (
        (8, DossierStatus.AWAITED, "", ""),
        (62, DossierStatus.COMPLETE, Outcome.UNFAVOURABLE, ""),
        (10, DossierStatus.COMPLETE, Outcome.RESERVE_LIST, ""),
        (14, DossierStatus.COMPLETE, Outcome.FAVOURABLE, CandidateAnswer.ACCEPTED),
        (6, DossierStatus.COMPLETE, Outcome.FAVOURABLE, CandidateAnswer.WITHDRAWN),
    ),
}


def usual_state(rng: random.Random, calendar: str, *, is_paperless: bool) -> State:
    """A state as they occur in an intake of `calendar`."""
    choices = USUAL[calendar]
    chosen = rng.choices(choices, weights=[weight for weight, *_rest in choices])[0]
    _weight, status, outcome, answer = chosen
    return State(status, outcome, calendar, is_paperless, answer)
