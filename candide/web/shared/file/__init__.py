"""The forms of the file: the candidate fills them in, and staff in the candidate's place."""
