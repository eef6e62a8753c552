"""What the table of permissions answers to people whose role holds for a programme alone: the head
of the application's one, and the neighbour, of another in the same commission. They get what the
managers get but for what is here: (looking, posting)."""

from typing import Any

from tests.web.actors import FORBIDDEN, IN, NOT_FOUND
from tests.web.setting_pages import DECIDED, ROWS

Answer = tuple[Any, Any]
REFUSED, ABSENT, LET_IN, READ = (
    (FORBIDDEN, FORBIDDEN),
    (NOT_FOUND, NOT_FOUND),
    (IN, IN),
    (IN, FORBIDDEN),
)


def each(answer: Answer, *pages: str) -> dict[str, Answer]:
    return {f"staff:{page}": answer for page in pages}


# Centres, commissions and new programmes take more than a programme.
ABOVE = each(REFUSED, "centres", "centres_row", "commissions_new", "commissions_delete")
ABOVE |= each(REFUSED, "formations_new", "formations_delete")
ABOVE |= each(ABSENT, "commissions_row", "commissions_test_letter")
ABOVE |= each(ABSENT, *(f"commissions_signature{page}" for page in ("", "_put", "_remove")))
ABOVE |= each(ABSENT, "mail_text_of_centre", "mail_text_of_centre_reset")
# What the centre set up is read by who works there, and linked to programmes of one's own.
SHARED = each(READ, *(f"{screen}_row" for screen in (*ROWS, *DECIDED)))
SHARED |= each(LET_IN, *(f"{kind}_programmes" for kind in ("formulaires", "pieces", "questions")))
SHARED |= each(LET_IN, "lettres_preview", "lettres_word", "pieces_template")
SHARED |= each(REFUSED, "formulaires_secret", "pieces_template_put", "pieces_template_remove")
SHARED |= each(REFUSED, *(f"{screen}_delete" for screen in (*ROWS, *DECIDED)))
SHARED |= each(REFUSED, *(f"{screen}_new" for screen in DECIDED))
SHARED |= each(REFUSED, "lettres_word_put", "lettres_word_remove")
# What the manager asked for is the manager's.
OTHERS = each(ABSENT, *(f"run{page}" for page in ("", "_report", "_stop", "_resume", "_confirm")))
OTHERS |= each(ABSENT, "run_letters", "run_action")
OTHERS |= each(
    ABSENT, *(f"download{page}" for page in ("", "_take", "_stop", "_resume", "_delete"))
)
OTHERS |= each(REFUSED, "note", "note_remove")
OTHERS["account_passkey_remove"] = ABSENT

HEAD = ABOVE | SHARED | OTHERS | each(LET_IN, "release_agree")
NEIGHBOUR = ABOVE | SHARED


def whole(name: str, method: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """`row` for each of ACTORS: what is expected of that method at the address `name`."""
    _anonymous, _owner, _other, manager, other_manager, _member, _admin = row
    looking = 0 if method == "get" else 1
    return (
        *row,
        HEAD[name][looking] if name in HEAD else manager,
        NEIGHBOUR[name][looking] if name in NEIGHBOUR else other_manager,
    )
