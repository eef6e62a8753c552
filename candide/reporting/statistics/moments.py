"""What is counted by day, and which moment of an application says when."""

APPLIED, TRANSMITTED = "applied", "transmitted"
MOMENTS = {APPLIED: "created_at", TRANSMITTED: "transmitted_at"}
