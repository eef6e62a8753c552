"""Pages of the settings beside those of every parameter screen, for the table of permissions, and
what managers reach of both: the starter role sets up its centre."""

from tests.web.actors import OPENED, ROW, SCREEN

SETTING_PAGES = (
    "staff:campagnes_switch",
    "staff:campagnes_periods",
    "staff:retention",
    "staff:retention_agree",
    "staff:formations_duplicate",
    "staff:formations_sis",
    "staff:ouvertures_duplicate",
    "staff:ouvertures_dates",
    "staff:pieces_programmes",
    "staff:pieces_template",
    "staff:pieces_template_put",
    "staff:pieces_template_remove",
    "staff:questions_programmes",
    "staff:tacit",
    "staff:asking",
    "staff:asked_of",
    "staff:asking_several",
    "staff:asked_preview",
    "staff:wording",
    "staff:lettres_preview",
    "staff:lettres_word",
    "staff:lettres_word_put",
    "staff:lettres_word_remove",
    "staff:commissions_signature",
    "staff:commissions_signature_put",
    "staff:commissions_signature_remove",
    "staff:commissions_test_letter",
    "staff:roles",
    "staff:role_new",
    "staff:roles_news",
    "staff:role",
    "staff:role_service",
    "staff:role_delete",
    "staff:rights_check",
    "staff:people",
    "staff:person_new",
    "staff:people_directory",
    "staff:person",
    "staff:person_account",
    "staff:person_invite",
    "staff:right_new",
    "staff:right",
    "staff:institution",
    "staff:institution_group",
    "staff:institution_logo",
    "staff:formulaires_programmes",
    "staff:formulaires_secret",
)

ROWS = ("etiquettes", "formulaires", "pieces", "questions")  # of the centre
DECIDED = ("lettres", "mails_de_decision", "motivations", "types_de_decision")  # where it is opened
SET_UP_IN_CENTRES = {
    f"staff:{page}": row
    for row, pages in (
        (
            SCREEN,
            (
                *("asking", "asking_several", "centres", "commissions", "formations"),
                *("commissions_new", "formations_new", "export_table", "import_table"),
                *("ouvertures_check", "ouvertures_dates", "ouvertures_duplicate"),
                "extend_deadlines",
                *(f"{screen}{page}" for screen in ROWS for page in ("", "_new")),
                *DECIDED,
            ),
        ),
        (
            ROW,
            (
                *("asked_of", "asked_preview", "centres_row", "formations_sis"),
                *(f"commissions_{page}" for page in ("row", "delete", "test_letter")),
                *(f"commissions_signature{page}" for page in ("", "_put", "_remove")),
                *(f"formations_{page}" for page in ("row", "delete", "duplicate")),
                *(f"ouvertures_{page}" for page in ("row", "delete", "new")),
                *(f"{screen}_{page}" for screen in ROWS for page in ("row", "delete")),
                *(f"{screen}_row" for screen in DECIDED),
                *(f"{screen}_programmes" for screen in ("formulaires", "pieces", "questions")),
                *("formulaires_secret", "lettres_preview", "lettres_word"),
                *(f"pieces_template{page}" for page in ("", "_put", "_remove")),
            ),
        ),
        (
            OPENED,
            (
                *(f"{screen}_{page}" for screen in DECIDED for page in ("new", "delete")),
                *("lettres_word_put", "lettres_word_remove"),
            ),
        ),
    )
    for page in pages
}
