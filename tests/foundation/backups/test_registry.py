from candide.foundation.backups import registry
from candide.foundation.backups.registry import once_restored, settlings


def test_what_is_settled_is_told(monkeypatch, now):
    monkeypatch.setattr(registry, "_settlings", {})

    @once_restored("things are settled")
    def settle(now):
        return now.hour

    assert {told: function(now) for told, function in settlings().items()} == {
        "things are settled": 10
    }
