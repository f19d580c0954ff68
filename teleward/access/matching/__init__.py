"""Whether two files may be one person's: pure, after Fellegi and Sunter (1969)."""
