"""What the app can do, as signals and slots: no widgets, no SQL, no llama.cpp."""
