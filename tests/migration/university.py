"""A small institution as it stands in eCandidat, without anything wrong."""

from datetime import date, datetime
from typing import Any

Source = Any  # the fixture `source`


MADE, CHANGED = datetime(2024, 1, 8, 9, 0), datetime(2026, 11, 3, 14, 30)  # noqa: DTZ001 -- as the driver gives them


def campaign(source: Source, code: str = "2027", **values: Any) -> int:
    year = int(code)
    return source.put(
        "campagne",
        **{
            "cod_camp": code,
            "lib_camp": f"Campagne {code}",
            "dat_deb_camp": date(year, 1, 1),
            "dat_fin_camp": date(year, 9, 30),
            "dat_activat_effec_camp": datetime(year, 1, 1, 8),  # noqa: DTZ001 -- the same
            "tes_camp": True,
            **values,
        },
    )


def past_campaign(source: Source, code: str = "2026", **values: Any) -> int:
    archived = datetime(int(code) + 1, 1, 1, 8)  # noqa: DTZ001 -- the same
    return campaign(source, code, **{"tes_camp": False, "dat_archiv_camp": archived, **values})


def centre(source: Source, code: str = "SCI", **values: Any) -> int:
    return source.put(
        "centre_candidature",
        **{
            "cod_ctr_cand": code,
            "lib_ctr_cand": "UFR Sciences",
            "tes_ctr_cand": True,
            "typ_send_mail_ctr_cand": "M",
            "mail_contact_ctr_cand": "Sciences@Univ.Example",
            "nb_max_voeux_ctr_cand": 5,
            "tem_demat_ctr_cand": True,
            "dat_deb_depot_ctr_cand": date(2027, 3, 1),
            "dat_fin_depot_ctr_cand": date(2027, 4, 30),
            "dat_retour_ctr_cand": date(2027, 5, 10),
            **values,
        },
    )


def commission(source: Source, centre_id: int, code: str = "INFO", **values: Any) -> int:
    address = source.put(
        "adresse", adr1_adr="1 rue de Chartres", cod_bdi_adr="45000", cod_com="45234"
    )
    return source.put(
        "commission",
        **{
            "cod_comm": code,
            "lib_comm": "Commission Informatique",
            "id_ctr_cand": centre_id,
            "id_adr": address,
            "mail_comm": "info@univ.example",
            "url_comm": "https://univ.example/info",
            "typ_alert_comm": "L",
            "tes_comm": True,
            "tem_edit_lettre_comm": True,
            "tem_alert_prop_comm": True,
            "tem_alert_annul_comm": False,
            **values,
        },
    )


def programme(source: Source, commission_id: int, code: str = "M1INFO", **values: Any) -> int:
    return source.put(
        "formation",
        **{
            "cod_form": code,
            "lib_form": "Master 1 Informatique",
            "id_comm": commission_id,
            "cod_etp_vet_apo_form": "IFM1",
            "cod_vrs_vet_apo_form": "121",
            "cod_typ_trait": "AC",
            "tes_form": True,
            "tem_demat_form": True,
            "capacite_form": 24,
            "mot_cle_form": "logiciel",
            "dat_deb_depot_form": date(2027, 3, 1),
            "dat_fin_depot_form": date(2027, 4, 30),
            "dat_retour_form": date(2027, 5, 10),
            "dat_jury_form": date(2027, 6, 1),
            "delai_confirm_form": 7,
            **values,
        },
    )


def mail(source: Source, code: str, subject: str, body: str, **values: Any) -> int:
    return source.put(
        "mail",
        **{
            "cod_mail": code,
            "lib_mail": f"Mail {code}",
            "id_i18n_sujet_mail": source.words(fr=subject),
            "id_i18n_corps_mail": source.words(fr=body),
            "tem_is_modele_mail": False,
            "tes_mail": True,
            "dat_cre_mail": MADE,
            "dat_mod_mail": CHANGED,
            **values,
        },
    )


def decision_type(source: Source, code: str = "FAV", family: str = "FA", **values: Any) -> int:
    return source.put(
        "type_decision",
        **{
            "cod_typ_dec": code,
            "lib_typ_dec": "Favorable",
            "cod_typ_avis": family,
            "id_i18n_lib_typ_dec": source.words(fr="Avis favorable", en="Favourable"),
            "tem_definitif_typ_dec": True,
            "tem_deverse_opi_typ_dec": True,
            "tem_aff_comment_typ_dec": True,
            "tes_typ_dec": True,
            **values,
        },
    )


def person(source: Source, login: str, profile: int, **values: Any) -> int:
    """Somebody with a profile; the number of the right."""
    source.put(
        "individu",
        **{
            "login_ind": login,
            "libelle_ind": "Bao NGUYEN",
            "mail_ind": f"{login}@univ.example",
            **values,
        },
    )
    return source.put("droit_profil_ind", login_ind=login, id_profil=profile)


def profile(source: Source, code: str, kind: str, *functions: tuple[str, bool]) -> int:
    """A profile with its functions, each to write or, True, to read only."""
    pk = source.put(
        "droit_profil", cod_profil=code, lib_profil=f"Profil {code}", typ_profil=kind, tes_profil=1
    )
    for function, read_only in functions:
        source.put("droit_profil_fonc", id_profil=pk, cod_fonc=function, tem_read_only=read_only)
    return pk
