import pytest

from candide.core.blockers import Blocker, Refused, refuse_if

LATE = Blocker("too_late", "The deadline has passed.")
MISSING = Blocker("document_missing", "A document is missing.", about="document:12")


def test_refuse_if_there_are_blockers_tells_all_of_them():
    with pytest.raises(Refused) as refusal:
        refuse_if(iter([LATE, MISSING]))

    assert refusal.value.blockers == [LATE, MISSING]
    assert refusal.value.codes == ["too_late", "document_missing"]
    assert str(refusal.value) == (
        "too_late: The deadline has passed.; document_missing: A document is missing."
    )


def test_refuse_if_nothing_blocks_lets_pass():
    assert refuse_if([]) is None
