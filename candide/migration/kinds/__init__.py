"""What each kind of rows of eCandidat is with us."""
