"""What is done to a program before it is written as Python: each pass is one file, and says so in a sentence."""
