"""Laws: what breaks them is found, made small, and shown as a test; what is proved or not tried is said."""
