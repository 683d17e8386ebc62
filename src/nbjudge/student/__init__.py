"""What a student imports."""
