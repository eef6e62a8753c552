"""The tables of eCandidat 2.4 that are read, with the columns that are. Nothing is refused: what
has lived for ten years holds what no constraint allows."""

FLAG = "BIT(1) DEFAULT b'0'"
KEY = "INT AUTO_INCREMENT PRIMARY KEY"


def _columns(kind: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), kind)


def _translated(kind: str, names: str, i18n: str = "") -> dict[str, str]:
    return {**_columns(kind, names), **_columns("INT", i18n)}


def _calendar(ending: str) -> dict[str, str]:
    days = (
        "dat_deb_depot dat_fin_depot dat_retour dat_analyse dat_jury dat_publi dat_confirm "
        "dat_confirm_list_comp"
    )
    return {
        **{f"{name}_{ending}": "DATE" for name in days.split()},
        f"delai_confirm_{ending}": "INT",
        f"delai_confirm_list_comp_{ending}": "INT",
    }


TEXT = "VARCHAR(1000)"
MOMENT = "DATETIME"

TABLES: dict[str, dict[str, str]] = {
    "campagne": {
        "id_camp": KEY,
        **_translated(TEXT, "cod_camp lib_camp", "id_i18n_camp archiv_id_camp"),
        **_columns("DATE", "dat_deb_camp dat_fin_camp dat_fin_candidat_camp"),
        **_columns(
            MOMENT,
            "dat_activat_prev_camp dat_activat_effec_camp dat_archiv_camp dat_destruct_effec_camp",
        ),
        "tes_camp": FLAG,
    },
    "centre_candidature": {
        "id_ctr_cand": KEY,
        **_columns(
            TEXT,
            "cod_ctr_cand lib_ctr_cand typ_send_mail_ctr_cand mail_contact_ctr_cand "
            "info_comp_ctr_cand",
        ),
        **_columns("INT", "nb_max_voeux_ctr_cand id_typ_dec_fav id_typ_dec_fav_list_comp"),
        **_columns(
            FLAG,
            "tes_ctr_cand tem_demat_ctr_cand tem_list_comp_ctr_cand tem_param_ctr_cand",
        ),
        **_calendar("ctr_cand"),
    },
    "adresse": {
        "id_adr": KEY,
        **_columns(
            TEXT,
            "adr1_adr adr2_adr adr3_adr cod_bdi_adr cod_com cod_pay cedex_adr lib_com_etr_adr",
        ),
    },
    "commission": {
        "id_comm": KEY,
        **_columns(
            TEXT,
            "cod_comm lib_comm mail_comm tel_comm fax_comm url_comm comment_retour_comm "
            "typ_alert_comm mail_alert_comm signataire_comm",
        ),
        **_columns("INT", "id_ctr_cand id_adr id_fichier id_i18n_comment_retour_comm"),
        **_columns(
            FLAG,
            "tes_comm tem_edit_lettre_comm tem_mail_lettre_comm tem_alert_prop_comm "
            "tem_alert_annul_comm tem_alert_trans_comm tem_alert_desist_comm "
            "tem_alert_list_princ_comm",
        ),
    },
    "type_formation": {
        "id_typ_form": KEY,
        **_columns(TEXT, "cod_typ_form lib_typ_form"),
        "tes_typ_form": FLAG,
    },
    "formation": {
        "id_form": KEY,
        **_columns(
            TEXT,
            "cod_form lib_form cod_etp_vet_apo_form cod_vrs_vet_apo_form lib_apo_form "
            "cod_dip_apo_form cod_vrs_vdi_apo_form cod_pegase_form lib_pegase_form mot_cle_form "
            "url_form cod_tpd_etb cod_typ_trait preselect_lieu_form info_comp_form",
        ),
        **_columns(
            "INT",
            "id_comm id_typ_form id_typ_dec_fav id_typ_dec_fav_list_comp capacite_form "
            "id_i18n_info_comp_form",
        ),
        **_columns(FLAG, "tes_form tem_demat_form tem_list_comp_form"),
        "preselect_date_form": "DATE",
        "preselect_heure_form": "TIME",
        **_calendar("form"),
    },
    "mail": {
        "id_mail": KEY,
        **_columns(TEXT, "cod_mail lib_mail cod_typ_avis"),
        **_columns("INT", "id_ctr_cand id_i18n_sujet_mail id_i18n_corps_mail"),
        **_columns(FLAG, "tem_is_modele_mail tes_mail"),
        **_columns(MOMENT, "dat_cre_mail dat_mod_mail"),
    },
    "type_decision": {
        "id_typ_dec": KEY,
        **_columns(TEXT, "cod_typ_dec lib_typ_dec cod_typ_avis"),
        **_columns("INT", "id_ctr_cand id_mail id_i18n_lib_typ_dec"),
        **_columns(
            FLAG,
            "tem_deverse_opi_typ_dec tem_definitif_typ_dec tem_model_typ_dec "
            "tem_aff_comment_typ_dec tes_typ_dec",
        ),
    },
    "motivation_avis": {
        "id_motiv": KEY,
        **_translated(TEXT, "cod_motiv lib_motiv", "id_i18n_lib_motiv id_ctr_cand"),
        "tes_motiv": FLAG,
    },
    "tag": {
        "id_tag": KEY,
        **_translated(TEXT, "lib_tag color_tag", "id_ctr_cand"),
        "tes_tag": FLAG,
    },
    "alert_sva": {
        "id_sva": KEY,
        "nb_jour_sva": "INT",
        "color_sva": TEXT,
        "tes_sva": FLAG,
    },
    "piece_justif": {
        "id_pj": KEY,
        **_columns(TEXT, "cod_pj lib_pj cod_apo_pj cod_typ_trait"),
        **_columns("INT", "id_ctr_cand id_fichier order_pj id_i18n_lib_pj"),
        **_columns(FLAG, "tes_pj tem_commun_pj tem_unicite_pj tem_conditionnel_pj"),
    },
    "pj_form": _columns("INT", "id_pj id_form"),
    "question": {
        "id_question": KEY,
        **_columns(TEXT, "cod_question lib_question typ_question"),
        **_columns("INT", "id_ctr_cand id_i18n_lib_question"),
        **_columns(
            FLAG,
            "tes_question tem_commun_question tem_unicite_question tem_conditionnel_question",
        ),
    },
    "question_form": _columns("INT", "id_question id_form"),
    "formulaire": {
        "id_formulaire": KEY,
        **_columns(TEXT, "cod_formulaire lib_formulaire"),
        **_columns(
            "INT",
            "id_formulaire_limesurvey id_ctr_cand id_i18n_lib_formulaire id_i18n_url_formulaire",
        ),
        **_columns(FLAG, "tes_formulaire tem_commun_formulaire tem_conditionnel_formulaire"),
    },
    "formulaire_form": _columns("INT", "id_formulaire id_form"),
    "faq": {
        "id_faq": KEY,
        "lib_faq": TEXT,
        **_columns("INT", "order_faq id_i18n_question_faq id_i18n_reponse_faq"),
    },
    "message": {
        "cod_msg": "VARCHAR(30) PRIMARY KEY",
        "lib_msg": TEXT,
        "id_i18n_val_msg": "INT",
        "tes_msg": FLAG,
    },
    "i18n": {"id_i18n": KEY, "cod_typ_trad": TEXT},
    "i18n_traduction": {"id_i18n": "INT", "cod_langue": "VARCHAR(5)", "val_trad": "LONGTEXT"},
    "langue": {
        "cod_langue": "VARCHAR(5) PRIMARY KEY",
        "lib_langue": TEXT,
        **_columns(FLAG, "tem_defaut_langue tes_langue"),
    },
    "parametre": {"cod_param": "VARCHAR(50) PRIMARY KEY", "val_param": TEXT},
    "type_statut": {
        "cod_typ_statut": "VARCHAR(2) PRIMARY KEY",
        "tem_comm_visible": "BIT(1) DEFAULT b'1'",
    },
    "individu": {
        "login_ind": "VARCHAR(50) PRIMARY KEY",
        **_columns(TEXT, "libelle_ind mail_ind"),
        "tes_ind": "BIT(1) DEFAULT b'1'",
    },
    "droit_profil": {
        "id_profil": KEY,
        **_columns(TEXT, "cod_profil lib_profil typ_profil"),
        **_columns(FLAG, "tem_updatable tes_profil"),
    },
    "droit_profil_fonc": {"id_profil": "INT", "cod_fonc": TEXT, "tem_read_only": FLAG},
    "droit_profil_ind": {"id_droit_profil_ind": KEY, "login_ind": TEXT, "id_profil": "INT"},
    "gestionnaire": {
        **_columns("INT", "id_droit_profil_ind id_ctr_cand"),
        "tem_all_comm_gest": FLAG,
        "commentaire": TEXT,
    },
    "gestionnaire_commission": _columns("INT", "id_droit_profil_ind id_comm"),
    "commission_membre": {
        **_columns("INT", "id_droit_profil_ind id_comm"),
        "tem_is_president": FLAG,
        "commentaire": TEXT,
    },
    "siscol_typ_diplome": _columns("VARCHAR(200)", "cod_tpd_etb lib_tpd"),
    "siscol_bac_oux_equ": _columns("VARCHAR(200)", "cod_bac lib_bac"),
    "siscol_specialite_bac": _columns("VARCHAR(200)", "cod_spe_bac lib_spe_bac"),
    "siscol_option_bac": _columns("VARCHAR(200)", "cod_opt_bac lib_opt_bac"),
    "siscol_dip_aut_cur": _columns("VARCHAR(200)", "cod_dac lib_dac"),
    "siscol_regime": _columns("VARCHAR(200)", "cod_rgi lib_rgi"),
    "siscol_cat_exo_ext": _columns("VARCHAR(200)", "cod_cat_exo_ext lib_cat_exo_ext"),
    "siscol_mention_niv_bac": _columns("VARCHAR(200)", "cod_mnb lib_mnb"),
    "siscol_mention": _columns("VARCHAR(200)", "cod_men lib_men"),
    "siscol_typ_resultat": _columns("VARCHAR(200)", "cod_tre lib_tre"),
    "siscol_commune": _columns("VARCHAR(200)", "cod_com cod_dep lib_com"),
    "siscol_etablissement": _columns("VARCHAR(200)", "cod_etb cod_com cod_dep lib_etb"),
    "fichier": {
        "id_fichier": KEY,
        **_columns(TEXT, "cod_fichier nom_fichier file_fichier typ_fichier typ_stockage_fichier"),
    },
    "compte_minima": {
        "id_cpt_min": KEY,
        "id_camp": "INT",
        **_columns(
            TEXT,
            "mail_perso_cpt_min nom_cpt_min prenom_cpt_min num_dossier_opi_cpt_min login_cpt_min "
            "pwd_cpt_min supann_etu_id_cpt_min",
        ),
        **_columns(FLAG, "tem_valid_cpt_min tem_valid_mail_cpt_min"),
        "dat_cre_cpt_min": MOMENT,
    },
    "histo_num_dossier": {"num_dossier": "VARCHAR(8) PRIMARY KEY", "cod_camp": TEXT},
    "candidat": {
        "id_candidat": KEY,
        **_columns(
            TEXT,
            "cod_civ nom_pat_candidat nom_usu_candidat prenom_candidat autre_pren_candidat "
            "ine_candidat cle_ine_candidat cod_pay_nat cod_pay_naiss cod_dep_naiss_candidat "
            "cod_com_naiss_candidat lib_ville_naiss_candidat tel_candidat tel_port_candidat "
            "cod_langue cod_rgi",
        ),
        **_columns("INT", "id_cpt_min id_adr"),
        "dat_naiss_candidat": "DATE",
        "tem_updatable_candidat": "BIT(1) DEFAULT b'1'",
    },
    "candidat_bac_ou_equ": {
        "id_candidat": "INT",
        **_columns(
            "VARCHAR(100)",
            "cod_pay cod_dep cod_com cod_etb cod_bac cod_mnb cod_spe1_bac_ter cod_spe2_bac_ter "
            "cod_spe_bac_pre cod_opt1_bac cod_opt2_bac cod_opt3_bac cod_opt4_bac",
        ),
        "annee_obt_bac": "INT",
        "tem_updatable_bac": "BIT(1) DEFAULT b'1'",
    },
    "candidat_cursus_interne": {
        "id_cursus_interne": KEY,
        **_columns("INT", "id_candidat annee_univ_cursus_interne"),
        **_columns(
            "VARCHAR(255)",
            "cod_vet_cursus_interne lib_cursus_interne cod_men_cursus_interne "
            "cod_tre_cursus_interne not_vet_cursus_interne bar_not_vet_cursus_interne",
        ),
    },
    "candidat_cursus_post_bac": {
        "id_cursus": KEY,
        **_columns("INT", "id_candidat annee_univ_cursus"),
        **_columns(
            "VARCHAR(255)",
            "cod_pay cod_dep cod_com cod_etb cod_dac cod_men lib_cursus obtenu_cursus",
        ),
    },
    "candidat_cursus_pro": {
        "id_cursus_pro": KEY,
        **_columns("INT", "id_candidat annee_cursus_pro"),
        **_columns(
            TEXT,
            "duree_cursus_pro organisme_cursus_pro intitule_cursus_pro objectif_cursus_pro",
        ),
    },
    "candidat_stage": {
        "id_stage": KEY,
        **_columns("INT", "id_candidat annee_stage nb_h_sem_stage"),
        **_columns(TEXT, "duree_stage organisme_stage descriptif_stage"),
    },
    "candidature": {
        "id_cand": KEY,
        **_columns("INT", "id_candidat id_form delai_confirm_form"),
        **_columns(
            "VARCHAR(200)",
            "cod_typ_trait cod_typ_statut user_cre_cand user_annul_cand user_accept_cand "
            "cod_cat_exo_ext comp_exo_ext_cand cod_rgi",
        ),
        **_columns(FLAG, "tem_valid_typ_trait_cand tem_proposition_cand tem_relance_cand"),
        "tem_accept_cand": "BIT(1)",
        "mnt_charge_cand": "DECIMAL(10,2)",
        **_columns(
            MOMENT,
            "dat_cre_cand dat_mod_cand dat_annul_cand dat_accept_cand dat_mod_typ_statut_cand "
            "dat_trans_dossier_cand",
        ),
        **_columns(
            "DATE",
            "dat_recept_dossier_cand dat_complet_dossier_cand dat_incomplet_dossier_cand "
            "dat_new_confirm_cand dat_new_retour_cand dat_analyse_form dat_confirm_form "
            "dat_deb_depot_form dat_fin_depot_form dat_jury_form dat_publi_form dat_retour_form",
        ),
    },
    "type_decision_candidature": {
        "id_type_dec_cand": KEY,
        **_columns(
            "INT",
            "id_cand id_typ_dec id_motiv list_comp_rang_typ_dec_cand "
            "list_comp_rang_reel_typ_dec_cand",
        ),
        **_columns(TEXT, "comment_type_dec_cand preselect_lieu_type_dec_cand"),
        "preselect_date_type_dec_cand": "DATE",
        "preselect_heure_type_dec_cand": "TIME",
        **_columns(FLAG, "tem_appel_type_dec_cand tem_valid_type_dec_cand"),
        **_columns(MOMENT, "dat_cre_type_dec_cand dat_valid_type_dec_cand"),
    },
    "pj_cand": {
        **_columns("INT", "id_pj id_cand id_fichier"),
        **_columns(TEXT, "cod_typ_statut_piece lib_file_pj_cand comment_pj_cand"),
        **_columns(MOMENT, "dat_cre_pj_cand dat_mod_pj_cand dat_mod_statut_pj_cand"),
    },
    "question_cand": {
        **_columns("INT", "id_cand id_question"),
        **_columns(TEXT, "reponse_question_cand cod_typ_statut_piece"),
        **_columns(MOMENT, "dat_cre_question_cand dat_mod_question_cand"),
    },
    "formulaire_cand": {
        **_columns("INT", "id_formulaire id_cand"),
        "dat_cre_formulaire_cand": MOMENT,
    },
    "formulaire_candidature": {
        **_columns("INT", "id_cand id_formulaire_limesurvey"),
        "reponses_formulaire_cand": "TEXT",
        "dat_reponse_formulaire_cand": MOMENT,
    },
    "post_it": {
        "id_post_it": KEY,
        "id_cand": "INT",
        **_columns(TEXT, "message_post_it user_cre_post_it"),
        "dat_cre_post_it": MOMENT,
    },
    "tag_candidature": _columns("INT", "id_cand id_tag"),
}
