"""What is proved of a program before anything runs."""
