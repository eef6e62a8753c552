from candide.core.failures import frames, summary


def fail(message: str) -> Exception:
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def test_summary_and_frames_say_what_and_where_but_hold_no_words():
    error = fail("alix@example.org")

    assert summary(error).startswith("ValueError at tests/core/test_failures.py:6")
    assert frames(error).endswith("test_failures.py:6 in fail")


def test_error_that_was_never_raised_has_no_place():
    assert summary(ValueError("alix@example.org")) == "ValueError"
    assert frames(ValueError("alix@example.org")) == ""
