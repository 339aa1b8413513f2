"""Stands in for llama-cpp-python's own package module, which imports numpy for a class that is not used here.

The bindings themselves, `llama_cpp.llama_cpp`, are the library's, unchanged.
"""
