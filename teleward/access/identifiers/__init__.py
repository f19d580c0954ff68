"""Numbers that name a patient: pure, with their check digits."""
