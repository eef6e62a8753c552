"""Where the intakes of the demonstration stand, in days from today."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Calendar:
    """Days from today of an intake's dates."""

    opens: int
    closes: int
    screening: int | None
    documents_due: int
    jury: int
    results: int
    acceptance_due: int

    def dates(self, today: date) -> dict[str, date | None]:
        """The dates of an intake whose calendar this is."""

        def day(offset: int | None) -> date | None:
            return None if offset is None else today + timedelta(days=offset)

        return {
            "opens_on": day(self.opens),
            "closes_on": day(self.closes),
            "screening_on": day(self.screening),
            "documents_due_on": day(self.documents_due),
            "jury_on": day(self.jury),
            "results_on": day(self.results),
            "acceptance_due_on": day(self.acceptance_due),
        }


# One applies now; the last day; dossiers are examined; answers are awaited; all is over; soon.
CALENDARS = {
    "open": Calendar(-30, 30, 50, 45, 60, 65, 80),
    "last_day": Calendar(-40, 0, None, 0, 15, 20, 35),
    "examined": Calendar(-70, -20, -2, -5, 5, 10, 25),
    "answering": Calendar(-90, -45, None, -30, -12, -7, 6),
    "over": Calendar(-150, -100, None, -80, -60, -55, -30),
    "soon": Calendar(12, 50, None, 60, 75, 80, 95),
}
# How often each occurs among the programmes, in turn.
TURN = ("open", "open", "examined", "answering", "open", "last_day", "over", "soon")
