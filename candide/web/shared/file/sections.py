"""The sections of the file in addresses."""

from django.urls import register_converter

from candide.admissions.candidates.enums import Section

SLUGS = {
    Section.IDENTITY: "informations-personnelles",
    Section.ADDRESS: "adresse",
    Section.BACCALAUREATE: "baccalaureat",
    Section.INTERNAL_STUDIES: "cursus-interne",
    Section.EXTERNAL_STUDIES: "cursus-externe",
    Section.INTERNSHIPS: "stages",
    Section.WORK: "experiences-professionnelles",
}


class SectionConverter:
    """A section by its French name."""

    regex = "|".join(SLUGS.values())

    def to_python(self, value: str) -> Section:
        return next(section for section, slug in SLUGS.items() if slug == value)

    def to_url(self, value: str) -> str:
        return SLUGS[Section(value)]


register_converter(SectionConverter, "section")
