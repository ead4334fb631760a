"""From the checked program to a plan of what each mapping does."""
