"""Who comes by in the table of permissions, and what they may meet."""

SIGN_IN, NOT_FOUND, FORBIDDEN, NOT_ALLOWED, IN = "sign in", 404, 403, 405, "in"

# The manager is of the application's centre, the member of its commission; the head has the role of
# a manager for its programme alone, the neighbour for another programme of the same commission.
WRITTEN = ("anonymous", "owner", "other", "manager", "other_manager", "member", "admin")
ACTORS = (*WRITTEN, "head", "neighbour")
# What each group of addresses answers to each of WRITTEN, in that order. The head gets what the
# manager gets and the neighbour what the manager of another centre does, but for what
# `programme_scope` says.
PUBLIC = (IN,) * 7
ANYBODY = (SIGN_IN, IN, IN, IN, IN, IN, IN)
CANDIDATES = (SIGN_IN, IN, IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
STAFF = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, IN, IN)
ADMIN = (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, IN)
# The settings: what a manager reaches in the own centre, and another one in another centre (a list,
# a new row); rows of the centre; what the institution opened to that centre alone.
SCREEN = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, FORBIDDEN, IN)
ROW = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, FORBIDDEN, IN)
OPENED = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, FORBIDDEN, FORBIDDEN, IN)
# Nobody but the administrator, and this is no demonstration (tests/web/staff looks at one).
NOBODY = (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND)
# A step of the institution's sign-in that leads nobody on without the step before.
NONE_UNDER_WAY = (SIGN_IN,) * 7
# Of programs alone: who is signed in counts for nothing there.
NO_TOKEN = (401,) * 7
# Off but in development.
NOTHING = (NOT_FOUND,) * 7
# Who may know of the application, but is not its candidate, is told so.
OWNER = (SIGN_IN, IN, NOT_FOUND, FORBIDDEN, NOT_FOUND, FORBIDDEN, FORBIDDEN)
OWN_ITEM = (SIGN_IN, IN, NOT_FOUND, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
READER = (SIGN_IN, FORBIDDEN, NOT_FOUND, IN, NOT_FOUND, IN, IN)
SHARED_READER = (SIGN_IN, IN, NOT_FOUND, IN, NOT_FOUND, IN, IN)
CHECKER = READER
MANAGER = (SIGN_IN, FORBIDDEN, NOT_FOUND, IN, NOT_FOUND, FORBIDDEN, IN)

# Long work: who asked for it, and administrators; only who asked confirms.
RUN = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, IN)
RUN_OF_ONES_OWN = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, FORBIDDEN)

# A file somebody asked for: they alone, whatever others may.
DOWNLOAD = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, NOT_FOUND)

# A passkey: its holder alone.
OWN_PASSKEY = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, NOT_FOUND, NOT_FOUND)

# A note: its author changes it, who else may read it does not; for others there is none.
AUTHOR = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, FORBIDDEN, FORBIDDEN)
