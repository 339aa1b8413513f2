"""The llama.cpp process: loads one untrusted model file and answers in the words of `protocol/engine.py`. Never Qt."""
