"""Who has an account at the CAS server of the tests."""

from typing import Any

PASSWORD = "Orage-Bleu-42!"
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "btran": {
        "givenName": "Bao",
        "sn": "Tran",
        "mail": "bao.tran@univ-valmont.example",
        "eduPersonAffiliation": ["member", "employee"],
        "is_superuser": "True",
    },
    "clemartin": {
        "givenName": "Clémentine",
        "sn": "Martin",
        "mail": "clementine.martin@etu.example",
        "supannEtuId": "22301457",
    },
    # Invited for a year: the sign-in knows her, the student system does not.
    "evasseur": {
        "givenName": "Élodie",
        "sn": "Vasseur",
        "mail": "elodie.vasseur@univ-valmont.example",
    },
}
