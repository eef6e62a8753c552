"""« Mon dossier »: the overview, and a page for each section of the file."""
