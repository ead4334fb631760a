"""The results of tests as text, JSON and JUnit XML."""
