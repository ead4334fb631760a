"""What a compiled mapper needs; imports neither the language nor the compiler."""
