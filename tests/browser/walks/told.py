"""What the people of the walks say of themselves, entered by `journey.fill_file` or, where the walk
is about something else, there already (`people.py`)."""

from datetime import date

BORN_ON = date(2004, 5, 12)
BIRTH_CITY = "Orléans"
MOBILE = "06 39 98 00 11"
POSTCODE, STREET = "45000", "1 rue des Épreuves"
BACCALAUREATE_YEAR = 2022
SERIES = "Baccalauréat professionnel - services"
DEPARTMENT, SCHOOL = "45 – Loiret", "Lycée polyvalent Jean Zay"
