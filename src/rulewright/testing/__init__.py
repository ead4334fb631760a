"""Testing: what an author demands of the rules, held against what they do, and how much of them was tried."""
