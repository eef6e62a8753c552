"""French dates and numbers as the guides write them [I18N-06]."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = r"j F Y à H\hi"
SHORT_DATETIME_FORMAT = r"d/m/Y à H\hi"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d", "%d/%m/%y"]
TIME_FORMAT = r"H \h i"
