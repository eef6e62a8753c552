"""Candidates and applications as they stand in eCandidat."""

from datetime import date, datetime
from typing import Any

from tests.migration.university import Source

MADE = datetime(2026, 3, 2, 10, 15)  # noqa: DTZ001 -- as the driver gives it


def account(source: Source, campaign: int, number: str = "AAAA1111", **values: Any) -> int:
    return source.put(
        "compte_minima",
        **{
            "id_camp": campaign,
            "mail_perso_cpt_min": "Alix@Courriel.Example",
            "nom_cpt_min": "Martin",
            "prenom_cpt_min": "Alix",
            "num_dossier_opi_cpt_min": number,
            "login_cpt_min": None,
            "tem_valid_cpt_min": True,
            "dat_cre_cpt_min": MADE,
            **values,
        },
    )


def candidate(source: Source, account_id: int, **values: Any) -> int:
    return source.put(
        "candidat",
        **{
            "id_cpt_min": account_id,
            "cod_civ": "Mme",
            "nom_pat_candidat": "Martin",
            "prenom_candidat": "Alix",
            "dat_naiss_candidat": date(2004, 5, 12),
            "cod_pay_naiss": "100",
            "cod_pay_nat": "100",
            "cod_dep_naiss_candidat": "045",
            "lib_ville_naiss_candidat": "Orléans",
            "ine_candidat": "120890177",
            "cle_ine_candidat": "FJ",
            "cod_langue": "en",
            **values,
        },
    )


def application(source: Source, candidate_id: int, programme_id: int, **values: Any) -> int:
    return source.put(
        "candidature",
        **{
            "id_candidat": candidate_id,
            "id_form": programme_id,
            "cod_typ_trait": "AC",
            "tem_valid_typ_trait_cand": True,
            "cod_typ_statut": "CO",
            "dat_cre_cand": MADE,
            "user_cre_cand": "AAAA1111",
            "dat_complet_dossier_cand": date(2026, 4, 20),
            "dat_deb_depot_form": date(2026, 3, 1),
            "dat_fin_depot_form": date(2026, 4, 30),
            "dat_retour_form": date(2026, 5, 10),
            "dat_confirm_form": date(2026, 6, 15),
            **values,
        },
    )


def decision(source: Source, application_id: int, type_id: int, **values: Any) -> int:
    return source.put(
        "type_decision_candidature",
        **{
            "id_cand": application_id,
            "id_typ_dec": type_id,
            "dat_cre_type_dec_cand": datetime(2026, 6, 1, 9),  # noqa: DTZ001 -- the same
            "tem_valid_type_dec_cand": True,
            "dat_valid_type_dec_cand": datetime(2026, 6, 2, 9),  # noqa: DTZ001 -- the same
            **values,
        },
    )


def given(source: Source, application_id: int, document_id: int, **values: Any) -> None:
    source.put(
        "pj_cand",
        **{
            "id_pj": document_id,
            "id_cand": application_id,
            "cod_typ_statut_piece": "VA",
            "dat_cre_pj_cand": MADE,
            "dat_mod_statut_pj_cand": MADE,
            **values,
        },
    )


def file(source: Source, path: str, **values: Any) -> int:
    return source.put(
        "fichier",
        **{
            "cod_fichier": "C_1",
            "nom_fichier": path.rpartition("/")[2],
            "file_fichier": path,
            "typ_fichier": "C",
            "typ_stockage_fichier": "F",
            **values,
        },
    )
